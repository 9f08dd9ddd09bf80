"""`python -m plenum`: the command line."""

from plenum.site.cli import main

if __name__ == "__main__":
    main()
