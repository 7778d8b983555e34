"""What the tests share. Import from its modules."""
