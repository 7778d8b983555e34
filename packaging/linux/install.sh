#!/bin/sh
# Install Granite Live for this user, or under a prefix: ./install.sh [PREFIX], default ~/.local.
# ./install.sh --remove [PREFIX] takes it away again; recordings, models and settings stay.
set -eu
cd "$(dirname "$0")"

remove=no
if [ "${1:-}" = --remove ]; then
    remove=yes
    shift
fi
prefix=${1:-$HOME/.local}
case $prefix in
/*) ;;
*) echo "install: the prefix '$prefix' must be a whole path, from / on." >&2; exit 2 ;;
esac

app=$prefix/lib/granite-live
link=$prefix/bin/granite-live
# What belongs to the program below share/; made with the archive.
listed=share/granite-live-files

tell_desktop() {
    if command -v update-desktop-database > /dev/null && [ -d "$prefix/share/applications" ]; then
        update-desktop-database -q "$prefix/share/applications" || true
    fi
}

if [ -e "$link" ] && [ ! -L "$link" ]; then
    echo "install: '$link' is another program: move it away, or choose another prefix." >&2
    exit 2
fi
rm -rf "$app"
rm -f "$link"
while read -r file; do rm -f "$prefix/$file"; done < "$listed"
if [ "$remove" = yes ]; then
    rmdir "$prefix/share/doc/granite-live" 2> /dev/null || true
    tell_desktop
    echo "Granite Live is removed from $prefix."
    exit 0
fi

mkdir -p "$prefix/lib" "$prefix/bin"
cp -R granite-live "$app"
ln -s ../lib/granite-live/granite-live "$link"
while read -r file; do
    mkdir -p "$prefix/$(dirname "$file")"
    cp "$file" "$prefix/$file"
done < "$listed"
# Menus do not look into ~/.local/bin on every system.
sed -i "s|^Exec=granite-live|Exec=\"$link\"|; /^TryExec=/d" "$prefix/share/applications/granite-live.desktop"
tell_desktop

echo "Granite Live is installed in $prefix. Start it from the menu, or with: $link"
case :$PATH: in
*:"$prefix/bin":*) ;;
*) echo "'$prefix/bin' is not on your PATH, so that 'granite-live' alone is not found yet." ;;
esac
