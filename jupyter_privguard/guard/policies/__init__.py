"""The policy that a session follows while its files change, and what approvals of others let a cell see."""
