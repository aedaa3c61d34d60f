"""Computes sums of the tables independently of SQL, for comparison.

Usage: oracle.py DIR < filters > sums

DIR has a CSV file for each table, with the column `account`. Each line of the input is a filter as JSON:
{"table", "account", "sum": column, "where": [[column, operator, value]]}; operators are = != < <= > >= in null notnull.
Values compare as integers if both sides are, else as text: times have the form 2026-01-31 00:00:00.000.
Each line of the output is the number of rows and the sum.
"""

import csv
import json
import sys


def number(text):
    return int(text) if text.lstrip("-").isdigit() else None


def matches(cell, operator, value):
    if operator == "null":
        return cell == ""
    if operator == "notnull":
        return cell != ""
    if cell == "":
        return False
    if operator == "in":
        return cell in value
    left, right = number(cell), number(str(value))
    if left is None or right is None:
        left, right = cell, str(value)
    return {
        "=": left == right,
        "!=": left != right,
        "<": left < right,
        "<=": left <= right,
        ">": left > right,
        ">=": left >= right,
    }[operator]


def main():
    tables = {}
    for line in sys.stdin:
        query = json.loads(line)
        name = query["table"]
        if name not in tables:
            with open(f"{sys.argv[1]}/{name}.csv", encoding="utf-8", newline="") as file:
                tables[name] = {}
                for row in csv.DictReader(file):
                    tables[name].setdefault(row["account"], []).append(row)
        rows = [
            row
            for row in tables[name].get(query["account"], [])
            if all(matches(row[column], operator, value) for column, operator, value in query["where"])
        ]
        print(len(rows), sum(int(row[query["sum"]] or 0) for row in rows))


main()
