"""What help says at length."""

from __future__ import annotations

ABOUT = """\
Says before deployment whether an Amazon ECS task can start, run and be reached with ECS Exec, as
far as IAM and the task's own settings decide it. Reads Terraform, its plans and states,
CloudFormation and task definition files; runs nothing of what it reads and needs neither network
nor credentials."""


EXAMPLES = """\
examples:
  ecs-preflight                               scan the working directory
  ecs-preflight infra/prod template.yaml      scan a Terraform root and a template
  ecs-preflight plan.json                     scan the output of 'terraform show -json'
  ecs-preflight --show-undecided infra        also list what could not be decided, and why
  ecs-preflight --format concise infra        one line a finding, for grep and editors
  ecs-preflight --output sarif=ecs.sarif .    write a second report to a file
  ecs-preflight explain infra                 what each task needs, and whether its roles allow it
  ecs-preflight policy infra --task app --role execution      the policy that role should have
  ecs-preflight merge app=a.json shop=b.json  one report of several
  ecs-preflight rules ECS605                  read about a rule
  ecs-preflight rules --message "unable to pull secrets"   which rules find its cause
  ecs-preflight init                          a configuration, a workflow, a pre-commit entry
  ecs-preflight doctor                        do checkov and cfn-lint load the rules here?"""


SCAN_EXAMPLES = """\
examples:
  ecs-preflight scan infra --var-file infra/prod.tfvars --workspace prod
  ecs-preflight scan template.yaml --parameters prod.json --fail-on warning
  ecs-preflight scan --format github .        annotations in GitHub Actions
  ecs-preflight scan --select ECS7 .          only the rules about ECS Exec, notes included
  ecs-preflight scan --diff . | git apply     make all fixes that can be written exactly

exit codes:
  0  nothing at or above --fail-on, also when there was nothing to scan
  1  findings at or above --fail-on
  2  wrong use; nothing was scanned
  3  a given path does not exist or cannot be read; the others were scanned
  4  a fault of ecs-preflight itself; the rest was scanned
  with --fix and --unsafe-fixes they speak of what is left, with --diff of what there is

silencing a finding, on its line, the line above or inside the resource it names:
  # ecs-preflight:ignore ECS605 the secret is granted by its own policy"""
