"""Templates, nested stacks and exports, put together to stacks."""
