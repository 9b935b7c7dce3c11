"""Web processes answer in milliseconds and stay small: they never load what only workers need."""

import subprocess
import sys

from tests.shared import ROOT

WALK = """
import sys
import django
django.setup()
from django.core.checks import run_checks
from django.urls import get_resolver

def walk(patterns):
    for pattern in patterns:
        walk(getattr(pattern, "url_patterns", []))

walk(get_resolver().url_patterns)
run_checks()
import helpdesk.wsgi
learning = {"sklearn", "scipy", "numpy", "skops", "rjieba"}
drawing = {"altair", "narwhals", "pandas", "vl_convert"}
heavy = (learning | drawing) & {name.partition(".")[0] for name in sys.modules}
print(",".join(sorted(heavy)))
"""


def test_a_web_process_never_imports_what_learning_and_drawing_need():
    done = subprocess.run([sys.executable, "-c", WALK], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == ""
