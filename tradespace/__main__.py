"""`python -m tradespace` is the same as `tradespace`."""

from tradespace.cli import main

if __name__ == "__main__":
    main()
