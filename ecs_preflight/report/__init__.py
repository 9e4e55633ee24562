"""What a scan says, in the forms that people and tools read: each a pure function of the report."""
