"""The rules, one a file: manual, options, check and examples together. Adding a file adds a rule."""
