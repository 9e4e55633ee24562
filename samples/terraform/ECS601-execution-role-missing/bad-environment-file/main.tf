resource "aws_ecs_task_definition" "reports" {
  family                   = "reports"
  requires_compatibilities = ["EC2"]

  container_definitions = jsonencode([
    {
      name             = "reports"
      image            = "public.ecr.aws/docker/library/nginx:1.27"
      memory           = 512
      environmentFiles = [{ type = "s3", value = "arn:aws:s3:::acme-settings/reports.env" }] # expect: ECS601
    }
  ])
}
