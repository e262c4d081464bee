# Read by run and test: makes .venv and keeps it in step with the requirement files.

# Some machines forbid Python to keep what it has compiled: every process would then compile PyTorch anew, for 15 seconds.
unset PYTHONDONTWRITEBYTECODE

find_python() { # prints the first Python that is new enough and can make a virtual environment
  local name
  for name in python3 python3.13 python3.12 python3.11 python3.14; do
    if "$name" -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
      echo "$name"
      return
    fi
  done
  echo "nnviz needs Python 3.11 or newer with its venv module (Debian, Ubuntu: apt install python3-venv)." >&2
  return 1
}

make_venv() { # a .venv that works is kept: somebody may have put another build of torch into it
  if ! .venv/bin/python -c 'import pip, sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
    local python
    python=$(find_python)
    "$python" -m venv --clear .venv
  fi
}

install() { # one requirements file; again only when its text has changed or the last try did not finish
  local stamp=".venv/installed-$1" quiet="--quiet"
  if [ -x .venv/bin/python ] && cmp -s "$1" "$stamp"; then
    return
  fi
  make_venv
  rm -f "$stamp"
  echo "Installing $1 into .venv: the first time this takes some minutes."
  if [ -t 1 ]; then quiet="--progress-bar=on"; fi
  # Python compiles what it imports; compiling all of PyTorch would double the time that this takes.
  .venv/bin/python -m pip install "$quiet" --no-compile --disable-pip-version-check -r "$1"
  cp "$1" "$stamp.part" && mv "$stamp.part" "$stamp"
}
