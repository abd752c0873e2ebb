#!/bin/sh
# What promtool says of the rules, and of the cases that show what they do.
set -eu
if ! command -v promtool >/dev/null; then
  echo "skipped: promtool is not installed"
  exit 0
fi
promtool check rules exporters/prometheus/rules/*.rules.yml
promtool test rules tests/exporters/prometheus/rules/*_test.yml
