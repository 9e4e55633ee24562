provider "aws" {
  region = "eu-west-1"
}

resource "aws_ecs_cluster" "shop" {
  name = "shop"
}

resource "aws_ecs_task_definition" "api" {
  family                   = "api"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = 512
  memory                   = 1024

  container_definitions = jsonencode([
    {
      name         = "api"
      image        = "public.ecr.aws/docker/library/nginx:1.27"
      portMappings = [{ containerPort = 80 }]
    }
  ])
}

resource "aws_ecs_service" "api" {
  name            = "api"
  cluster         = aws_ecs_cluster.shop.id
  task_definition = aws_ecs_task_definition.api.arn
  launch_type     = "FARGATE"

  deployment_controller {
    type = "CODE_DEPLOY"
  }

  network_configuration {
    subnets = ["subnet-0a1b2c3d4e5f60718"]
  }

  load_balancer {
    target_group_arn = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/api/0a1b2c3d4e5f6071"
    container_name   = "api"
    container_port   = 80
  }
}

data "aws_iam_role" "deploy" {
  name = "codedeploy"
}

resource "aws_codedeploy_app" "api" {
  compute_platform = "ECS"
  name             = "api"
}

resource "aws_codedeploy_deployment_group" "api" {
  app_name               = aws_codedeploy_app.api.name
  deployment_group_name  = "api"
  deployment_config_name = "CodeDeployDefault.ECSAllAtOnce"
  service_role_arn       = data.aws_iam_role.deploy.arn

  deployment_style {
    deployment_option = "WITH_TRAFFIC_CONTROL"
    deployment_type   = "BLUE_GREEN"
  }

  ecs_service {
    cluster_name = aws_ecs_cluster.shop.name
    service_name = aws_ecs_service.api.name
  }
}

resource "aws_codepipeline" "api" {
  name     = "api"
  role_arn = "arn:aws:iam::123456789012:role/pipeline"

  artifact_store {
    location = "api-artifacts"
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
        ConnectionArn    = "arn:aws:codestar-connections:eu-west-1:123456789012:connection/api"
        FullRepositoryId = "example/api"
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
      provider        = "CodeDeployToECS" # ok: ECS815
      version         = "1"
      input_artifacts = ["source"]

      configuration = {
        ApplicationName     = aws_codedeploy_app.api.name
        DeploymentGroupName = aws_codedeploy_deployment_group.api.deployment_group_name

        TaskDefinitionTemplateArtifact = "source"
        AppSpecTemplateArtifact        = "source"
      }
    }
  }
}
