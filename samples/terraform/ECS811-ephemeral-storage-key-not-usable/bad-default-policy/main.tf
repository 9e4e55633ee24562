resource "aws_kms_key" "storage" {
  description         = "Ephemeral storage of the claims cluster"
  enable_key_rotation = true
}

resource "aws_ecs_cluster" "claims" {
  name = "claims"

  configuration {
    managed_storage_configuration {
      fargate_ephemeral_storage_kms_key_id = aws_kms_key.storage.key_id # expect: ECS811
    }
  }
}

resource "aws_ecs_cluster_capacity_providers" "claims" {
  cluster_name       = aws_ecs_cluster.claims.name
  capacity_providers = ["FARGATE", "FARGATE_SPOT"]
}
