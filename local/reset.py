"""`./dev reset`: deletes the local data."""

import argparse
import sys

from local import data


def main() -> int:
    parser = argparse.ArgumentParser(prog="./dev reset", description=__doc__)
    data.add_argument(parser)
    directory = parser.parse_args().data
    try:
        deleted = data.delete(directory)
    except data.InUse as error:
        print(error, file=sys.stderr)
        return 1
    print(f"Deleted the data in {directory}." if deleted else f"There is no data in {directory}.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
