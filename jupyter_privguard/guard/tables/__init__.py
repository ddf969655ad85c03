"""Tables on their way to a screen or to a program, and their masked copies."""
