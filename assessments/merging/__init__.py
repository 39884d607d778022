"""Two accounts that belong to one person become one."""
