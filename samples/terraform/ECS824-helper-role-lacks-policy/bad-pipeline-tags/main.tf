provider "aws" {
  region = "eu-west-1"
}

resource "aws_iam_role" "execution" {
  name = "shop-execution"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect    = "Allow"
        Action    = "sts:AssumeRole"
        Principal = { Service = "ecs-tasks.amazonaws.com" } # ok: ECS501
      }
    ]
  })
}

resource "aws_iam_role" "task" {
  name = "shop-task"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect    = "Allow"
        Action    = "sts:AssumeRole"
        Principal = { Service = "ecs-tasks.amazonaws.com" } # ok: ECS501
      }
    ]
  })
}

resource "aws_iam_role" "deploy" { # ok: ECS823
  name = "shop-deploy"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect    = "Allow"
        Action    = "sts:AssumeRole"
        Principal = { Service = "codepipeline.amazonaws.com" } # ok: ECS505
      }
    ]
  })
}

resource "aws_iam_role_policy" "deploy" {
  role = aws_iam_role.deploy.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect = "Allow"
        Action = [
          "ecs:DescribeServices",
          "ecs:DescribeTaskDefinition",
          "ecs:DescribeTasks",
          "ecs:ListTasks",
          "ecs:RegisterTaskDefinition",
          "ecs:UpdateService",
        ]
        Resource = "*"
      },
      {
        Effect   = "Allow"
        Action   = "iam:PassRole"
        Resource = [aws_iam_role.execution.arn, aws_iam_role.task.arn]
      },
    ]
  })
}

resource "aws_ecs_task_definition" "shop" {
  family                   = "shop"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = 256
  memory                   = 512
  execution_role_arn       = aws_iam_role.execution.arn
  task_role_arn            = aws_iam_role.task.arn
  tags                     = { team = "shop" }

  container_definitions = jsonencode([
    {
      name         = "shop"
      image        = "ghcr.io/example/shop:4"
      portMappings = [{ containerPort = 80 }]
    }
  ])
}

resource "aws_ecs_service" "shop" {
  name            = "shop"
  cluster         = "shop"
  task_definition = aws_ecs_task_definition.shop.arn
  launch_type     = "FARGATE"

  network_configuration {
    subnets = ["subnet-0a1b2c3d4e5f60718"]
  }
}

resource "aws_codepipeline" "shop" {
  name     = "shop"
  role_arn = aws_iam_role.deploy.arn # expect: ECS824

  artifact_store {
    location = "shop-artifacts"
    type     = "S3"
  }

  stage {
    name = "Source"

    action {
      name             = "Source"
      category         = "Source"
      owner            = "AWS"
      provider         = "CodeStarSourceConnection"
      version          = "1"
      output_artifacts = ["source"]

      configuration = {
        ConnectionArn    = "arn:aws:codestar-connections:eu-west-1:123456789012:connection/shop"
        FullRepositoryId = "example/shop"
        BranchName       = "main"
      }
    }
  }

  stage {
    name = "Deploy"

    action {
      name            = "Deploy"
      category        = "Deploy"
      owner           = "AWS"
      provider        = "ECS"
      version         = "1"
      input_artifacts = ["source"]

      configuration = {
        ClusterName = "shop"
        ServiceName = aws_ecs_service.shop.name
        FileName    = "imagedefinitions.json"
      }
    }
  }
}
