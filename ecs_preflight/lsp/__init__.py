"""A language server: what a scan says, in editors, while the code is written."""
