"""Questions where there are none: written by a model or by rule, examined, and kept if they need their passage."""
