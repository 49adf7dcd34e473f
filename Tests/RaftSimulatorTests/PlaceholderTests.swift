// Placeholder: this target is under construction.
