"""What the columns of tables hold, and what makes a table a part of another one."""
