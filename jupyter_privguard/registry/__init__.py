"""Models in a registry: which version is approved by whom for which alias, what was measured, where it is served."""
