"""Faults of many kinds for the two platforms in ``tests/data/platforms``: by name, each the file and
what stands there instead of what."""

from __future__ import annotations

#: A fault: texts of files, each with what takes its place.
Fault = list[tuple[str, str, str]]

_IAM = "modules/service/iam.tf"
_SCHEDULED = "modules/scheduled_task/main.tf"

TERRAFORM: dict[str, Fault] = {
    "no-parameters": [
        (
            _IAM,
            """
  statement {
    sid       = "Parameters"
    actions   = ["ssm:GetParameters"]
    resources = [var.feature_flags_arn]
  }
""",
            "",
        )
    ],
    "describe-secret": [
        (_IAM, '["secretsmanager:GetSecretValue"]', '["secretsmanager:DescribeSecret"]')
    ],
    "no-key": [
        (
            _IAM,
            """
  statement {
    sid       = "Key"
    actions   = ["kms:Decrypt"]
    resources = [var.secrets_key_arn]
  }
""",
            "",
        )
    ],
    "log-star": [
        (_IAM, '["${aws_cloudwatch_log_group.this.arn}:*"]', "[aws_cloudwatch_log_group.this.arn]")
    ],
    "trust": [
        (_IAM, 'identifiers = ["ecs-tasks.amazonaws.com"]', 'identifiers = ["ecs.amazonaws.com"]')
    ],
    "exec-missing": [
        (
            _IAM,
            """      "ssmmessages:CreateDataChannel",
""",
            "",
        )
    ],
    "exec-statement-gone": [
        (
            _IAM,
            """  statement {
    sid = "Exec"
    actions = [
      "ssmmessages:CreateControlChannel",
      "ssmmessages:CreateDataChannel",
      "ssmmessages:OpenControlChannel",
      "ssmmessages:OpenDataChannel",
    ]
    resources = ["*"]
  }

""",
            "",
        )
    ],
    "login-scoped": [
        (
            _IAM,
            '''    resources = ["*"]
  }

  statement {
    sid = "Pull"''',
            '''    resources = [aws_ecr_repository.this.arn]
  }

  statement {
    sid = "Pull"''',
        )
    ],
    "gateway-secret-on-task": [
        (
            "gateway.tf",
            """      {
        Effect   = "Allow"
        Action   = ["secretsmanager:GetSecretValue"]
        Resource = [aws_secretsmanager_secret.gateway_api_key.arn]
      },
""",
            "",
        ),
        (
            "gateway.tf",
            """          "Resource": "${aws_sqs_queue.access_log.arn}"
        }
""",
            """          "Resource": "${aws_sqs_queue.access_log.arn}"
        },
        {
          "Effect": "Allow",
          "Action": ["secretsmanager:GetSecretValue"],
          "Resource": "${aws_secretsmanager_secret.gateway_api_key.arn}"
        }
""",
        ),
    ],
    "gateway-no-exec-permission": [
        (
            "gateway.tf",
            """  launch_type     = "FARGATE"

  network""",
            """  launch_type     = "FARGATE"

  enable_execute_command = true

  network""",
        )
    ],
    "gateway-readonly": [
        (
            "gateway.tf",
            """      essential = true
      secrets""",
            """      essential = true
      readonlyRootFilesystem = true
      secrets""",
        )
    ],
    "passrole": [
        (
            _SCHEDULED,
            "resources = [aws_iam_role.execution.arn]",
            "resources = [aws_iam_role.events.arn]",
        )
    ],
    "passrole-gone": [
        (
            _SCHEDULED,
            """
  statement {
    actions   = ["iam:PassRole"]
    resources = [aws_iam_role.execution.arn]
  }
""",
            "",
        )
    ],
    "events-trust": [(_SCHEDULED, '"events.amazonaws.com"', '"ecs-tasks.amazonaws.com"')],
    "no-execution-policy": [
        (
            _SCHEDULED,
            """resource "aws_iam_role_policy_attachment" "execution" {
  role       = aws_iam_role.execution.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy"
}

""",
            "",
        )
    ],
    "cpu": [
        (
            "locals.tf",
            "search         = { cpu = 1024, memory = 2048",
            "search         = { cpu = 1024, memory = 1024",
        )
    ],
    "gateway-key-deny": [
        (
            "gateway.tf",
            """        Action   = ["kms:Decrypt"]
        Resource = [aws_kms_key.secrets.arn]
      },
""",
            """        Action   = ["kms:Decrypt"]
        Resource = [aws_kms_key.secrets.arn]
      },
      {
        Effect   = "Deny"
        Action   = ["secretsmanager:*"]
        Resource = "*"
      },
""",
        )
    ],
    "secret-name": [
        (
            _IAM,
            "resources = [var.database_secret_arn]",
            'resources = ["arn:aws:secretsmanager:*:*:secret:${var.prefix}/${var.name}/databse-*"]',
        )
    ],
    "session-log": [(_IAM, '/ecs/${var.prefix}/exec:*"', '/ecs/${var.prefix}/exec"')],
}

_SERVICE, _GATEWAY, _CLOCK = "service.yaml", "gateway.json", "scheduled.yaml"

CLOUDFORMATION: dict[str, Fault] = {
    "no-parameters": [
        (
            _SERVICE,
            """              - Sid: Parameters
                Effect: Allow
                Action: ssm:GetParameters
                Resource: !Sub arn:${AWS::Partition}:ssm:${AWS::Region}:${AWS::AccountId}:parameter${FeatureFlagsName}
""",
            "",
        )
    ],
    "parameter-slash": [
        (
            _SERVICE,
            ":parameter${FeatureFlagsName}\n              - Sid: Key",
            ":parameter/${FeatureFlagsName}\n              - Sid: Key",
        )
    ],
    "get-parameter": [(_SERVICE, "Action: ssm:GetParameters", "Action: ssm:GetParameter")],
    "no-key": [
        (
            _SERVICE,
            """              - Sid: Key
                Effect: Allow
                Action: kms:Decrypt
                Resource: !Ref KeyArn
""",
            "",
        )
    ],
    "log-sub": [
        (
            _SERVICE,
            "Resource: !GetAtt LogGroup.Arn",
            "Resource: !Sub arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:log-group:${LogGroup}",
        )
    ],
    "trust": [
        (
            _SERVICE,
            "              Service: ecs-tasks.amazonaws.com",
            "              Service: ecs.amazonaws.com",
        )
    ],
    "exec-missing": [(_SERVICE, "                  - ssmmessages:CreateDataChannel\n", "")],
    "exec-policy-gone": [
        (
            _SERVICE,
            """      Policies:
        - PolicyName: exec
          PolicyDocument:
            Version: '2012-10-17'
            Statement:
              - Effect: Allow
                Action:
                  - ssmmessages:CreateControlChannel
                  - ssmmessages:CreateDataChannel
                  - ssmmessages:OpenControlChannel
                  - ssmmessages:OpenDataChannel
                Resource: '*'
""",
            "",
        )
    ],
    "login-scoped": [
        (
            _SERVICE,
            """                Action: ecr:GetAuthorizationToken
                Resource: '*'
""",
            """                Action: ecr:GetAuthorizationToken
                Resource: !GetAtt Repository.Arn
""",
        )
    ],
    "gateway-secret-on-task": [
        (
            _GATEWAY,
            """                {
                  "Effect": "Allow",
                  "Action": [
                    "secretsmanager:GetSecretValue"
                  ],
                  "Resource": {
                    "Ref": "ApiKey"
                  }
                },
""",
            "",
        ),
        (
            _GATEWAY,
            """                    "Fn::GetAtt": [
                      "AccessLog",
                      "Arn"
                    ]
                  }
                }
""",
            """                    "Fn::GetAtt": [
                      "AccessLog",
                      "Arn"
                    ]
                  }
                },
                {
                  "Effect": "Allow",
                  "Action": [
                    "secretsmanager:GetSecretValue"
                  ],
                  "Resource": {
                    "Ref": "ApiKey"
                  }
                }
""",
        ),
    ],
    "gateway-exec": [
        (
            _GATEWAY,
            '"LaunchType": "EC2"',
            '"LaunchType": "EC2",\n        "EnableExecuteCommand": true',
        )
    ],
    "gateway-swapped": [
        (
            _GATEWAY,
            """        "ExecutionRoleArn": {
          "Fn::GetAtt": [
            "ExecutionRole",""",
            """        "ExecutionRoleArn": {
          "Fn::GetAtt": [
            "TaskRole",""",
        ),
        (
            _GATEWAY,
            """        "TaskRoleArn": {
          "Fn::GetAtt": [
            "TaskRole",""",
            """        "TaskRoleArn": {
          "Fn::GetAtt": [
            "ExecutionRole",""",
        ),
    ],
    "passrole-gone": [
        (
            _CLOCK,
            "              - { Effect: Allow, Action: 'iam:PassRole', Resource: !GetAtt ExecutionRole.Arn }\n",
            "",
        )
    ],
    "run-task-family": [
        (
            _CLOCK,
            "Action: 'ecs:RunTask', Resource: !Ref TaskDefinition",
            "Action: 'ecs:RunTask', Resource: !Sub 'arn:aws:ecs:${AWS::Region}:${AWS::AccountId}:task-definition/shop-${Name}:*'",
        )
    ],
    "events-trust": [(_CLOCK, "Service: events.amazonaws.com", "Service: ecs-tasks.amazonaws.com")],
    "no-execution-policy": [
        (
            _CLOCK,
            """      ManagedPolicyArns:
        - !Sub 'arn:${AWS::Partition}:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy'
""",
            "",
        )
    ],
    "cpu": [(_SERVICE, "Memory: '1024'", "Memory: '512'")],
    "key-deny": [
        (
            _SERVICE,
            """                Action: kms:Decrypt
                Resource: !Ref KeyArn
""",
            """                Action: kms:Decrypt
                Resource: !Ref KeyArn
              - Effect: Deny
                Action: secretsmanager:*
                Resource: '*'
""",
        )
    ],
    "secret-name": [
        (
            _SERVICE,
            "Resource: !Ref Database",
            "Resource: !Sub arn:aws:secretsmanager:${AWS::Region}:${AWS::AccountId}:secret:shop-${Environment}/${Name}/databse-*",
        )
    ],
}
