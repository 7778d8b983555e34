# Sourced by the other scripts: sets `bin` to the folder of the environment's programs.
venv=${VENV:-.venv}
bin=$venv/bin
[ ! -d "$venv/Scripts" ] || bin=$venv/Scripts # Windows
