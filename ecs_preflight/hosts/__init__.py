"""Where users already are: checkov and cfn-lint."""
