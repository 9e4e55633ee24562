data "aws_caller_identity" "current" {}

data "aws_region" "current" {}

locals {
  prefix = "shop-${var.environment}"

  # name => what differs between the services
  services = {
    catalog        = { cpu = 256, memory = 512, port = 8080 }
    cart           = { cpu = 256, memory = 512, port = 8080 }
    checkout       = { cpu = 512, memory = 1024, port = 8080 }
    orders         = { cpu = 512, memory = 1024, port = 8080 }
    payments       = { cpu = 512, memory = 1024, port = 8443 }
    shipping       = { cpu = 256, memory = 512, port = 8080 }
    inventory      = { cpu = 256, memory = 512, port = 8080 }
    pricing        = { cpu = 256, memory = 512, port = 8080 }
    search         = { cpu = 1024, memory = 2048, port = 9200 }
    recommendation = { cpu = 1024, memory = 2048, port = 8080 }
    reviews        = { cpu = 256, memory = 512, port = 8080 }
    notifications  = { cpu = 256, memory = 512, port = 8080 }
    accounts       = { cpu = 256, memory = 512, port = 8080 }
    loyalty        = { cpu = 256, memory = 512, port = 8080 }
    backoffice     = { cpu = 256, memory = 512, port = 3000 }
  }
}
