# Written by tools/command_line/update.py: change the commands, then run it.

_granite_live() {
    local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]}
    local command=granite-live words="" word
    COMPREPLY=()
    for word in "${COMP_WORDS[@]:1:COMP_CWORD - 1}"; do
        case "$command $word" in
            "granite-live transcribe" | "granite-live listen" | "granite-live recover" | "granite-live devices" | "granite-live watch" | "granite-live align" | "granite-live search" | "granite-live check" | "granite-live retime" | "granite-live toggle" | "granite-live start" | "granite-live stop" | "granite-live pause" | "granite-live cancel" | "granite-live captions" | "granite-live dictate" | "granite-live status" | "granite-live serve" | "granite-live settings" | "granite-live doctor" | "granite-live bench" | "granite-live prove" | "granite-live uninstall-data" | "granite-live window" | "granite-live models" | "granite-live models download" | "granite-live models prepare" | "granite-live models list" | "granite-live models where" | "granite-live models import" | "granite-live models remove" | "granite-live models show" | "granite-live models verify" | "granite-live vocabulary" | "granite-live vocabulary add" | "granite-live vocabulary remove" | "granite-live vocabulary list" | "granite-live vocabulary import" | "granite-live vocabulary export" | "granite-live vocabulary on" | "granite-live vocabulary off") command="$command $word" ;;
        esac
    done
    case "$command $previous" in
        "granite-live transcribe --bundle") compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$current"); return ;;
        "granite-live transcribe --tier") mapfile -t COMPREPLY < <(compgen -W "fp32 fp16w int8" -- "$current"); return ;;
        "granite-live transcribe --provider") mapfile -t COMPREPLY < <(compgen -W "auto cpu cuda coreml" -- "$current"); return ;;
        "granite-live transcribe --format") mapfile -t COMPREPLY < <(compgen -W "txt srt vtt ass lrc json csv md docx pdf" -- "$current"); return ;;
        "granite-live transcribe --subtitles") mapfile -t COMPREPLY < <(compgen -W "standard bbc netflix phone" -- "$current"); return ;;
        "granite-live transcribe --numbers") mapfile -t COMPREPLY < <(compgen -W "digits words" -- "$current"); return ;;
        "granite-live transcribe -o") compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$current"); return ;;
        "granite-live transcribe --output") compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$current"); return ;;
        "granite-live transcribe --output-dir") compopt -o filenames; mapfile -t COMPREPLY < <(compgen -d -- "$current"); return ;;
        "granite-live transcribe --audio-track") :; return ;;
        "granite-live transcribe --part-seconds") :; return ;;
        "granite-live transcribe --threads") :; return ;;
        "granite-live transcribe --graphs") mapfile -t COMPREPLY < <(compgen -W "auto published prepared" -- "$current"); return ;;
        "granite-live transcribe --skip-editor") mapfile -t COMPREPLY < <(compgen -W "off safe fast" -- "$current"); return ;;
        "granite-live transcribe --editing-passes") :; return ;;
        "granite-live transcribe --vocabulary") compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$current"); return ;;
        "granite-live transcribe --hook") :; return ;;
        "granite-live transcribe --hook-url") :; return ;;
        "granite-live listen --device") :; return ;;
        "granite-live listen --source") compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$current"); return ;;
        "granite-live listen --audio-track") :; return ;;
        "granite-live listen --seconds") :; return ;;
        "granite-live listen --bundle") compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$current"); return ;;
        "granite-live listen --tier") mapfile -t COMPREPLY < <(compgen -W "fp32 fp16w int8" -- "$current"); return ;;
        "granite-live listen --provider") mapfile -t COMPREPLY < <(compgen -W "auto cpu cuda coreml" -- "$current"); return ;;
        "granite-live listen --threads") :; return ;;
        "granite-live listen --graphs") mapfile -t COMPREPLY < <(compgen -W "auto published prepared" -- "$current"); return ;;
        "granite-live listen --skip-editor") mapfile -t COMPREPLY < <(compgen -W "off safe fast" -- "$current"); return ;;
        "granite-live listen --editing-passes") :; return ;;
        "granite-live listen --vocabulary") compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$current"); return ;;
        "granite-live listen --save") compopt -o filenames; mapfile -t COMPREPLY < <(compgen -d -- "$current"); return ;;
        "granite-live listen --keep") :; return ;;
        "granite-live listen --hook") :; return ;;
        "granite-live listen --hook-url") :; return ;;
        "granite-live recover --bundle") compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$current"); return ;;
        "granite-live recover --tier") mapfile -t COMPREPLY < <(compgen -W "fp32 fp16w int8" -- "$current"); return ;;
        "granite-live recover --provider") mapfile -t COMPREPLY < <(compgen -W "auto cpu cuda coreml" -- "$current"); return ;;
        "granite-live recover --threads") :; return ;;
        "granite-live recover --graphs") mapfile -t COMPREPLY < <(compgen -W "auto published prepared" -- "$current"); return ;;
        "granite-live recover --skip-editor") mapfile -t COMPREPLY < <(compgen -W "off safe fast" -- "$current"); return ;;
        "granite-live recover --editing-passes") :; return ;;
        "granite-live recover --save") compopt -o filenames; mapfile -t COMPREPLY < <(compgen -d -- "$current"); return ;;
        "granite-live watch --bundle") compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$current"); return ;;
        "granite-live watch --tier") mapfile -t COMPREPLY < <(compgen -W "fp32 fp16w int8" -- "$current"); return ;;
        "granite-live watch --provider") mapfile -t COMPREPLY < <(compgen -W "auto cpu cuda coreml" -- "$current"); return ;;
        "granite-live watch --format") mapfile -t COMPREPLY < <(compgen -W "txt srt vtt ass lrc json csv md docx pdf" -- "$current"); return ;;
        "granite-live watch --subtitles") mapfile -t COMPREPLY < <(compgen -W "standard bbc netflix phone" -- "$current"); return ;;
        "granite-live watch --audio-track") :; return ;;
        "granite-live watch --threads") :; return ;;
        "granite-live watch --graphs") mapfile -t COMPREPLY < <(compgen -W "auto published prepared" -- "$current"); return ;;
        "granite-live watch --vocabulary") compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$current"); return ;;
        "granite-live watch --hook") :; return ;;
        "granite-live watch --hook-url") :; return ;;
        "granite-live align --bundle") compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$current"); return ;;
        "granite-live align --tier") mapfile -t COMPREPLY < <(compgen -W "fp32 fp16w int8" -- "$current"); return ;;
        "granite-live align --provider") mapfile -t COMPREPLY < <(compgen -W "auto cpu cuda coreml" -- "$current"); return ;;
        "granite-live align --format") mapfile -t COMPREPLY < <(compgen -W "txt srt vtt ass lrc json csv md docx pdf" -- "$current"); return ;;
        "granite-live align --subtitles") mapfile -t COMPREPLY < <(compgen -W "standard bbc netflix phone" -- "$current"); return ;;
        "granite-live align -o") compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$current"); return ;;
        "granite-live align --output") compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$current"); return ;;
        "granite-live align --audio-track") :; return ;;
        "granite-live align --threads") :; return ;;
        "granite-live align --graphs") mapfile -t COMPREPLY < <(compgen -W "auto published prepared" -- "$current"); return ;;
        "granite-live align --hook") :; return ;;
        "granite-live align --hook-url") :; return ;;
        "granite-live search --limit") :; return ;;
        "granite-live search --bundle") compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$current"); return ;;
        "granite-live search --tier") mapfile -t COMPREPLY < <(compgen -W "fp32 fp16w int8" -- "$current"); return ;;
        "granite-live search --provider") mapfile -t COMPREPLY < <(compgen -W "auto cpu cuda coreml" -- "$current"); return ;;
        "granite-live search --threads") :; return ;;
        "granite-live search --graphs") mapfile -t COMPREPLY < <(compgen -W "auto published prepared" -- "$current"); return ;;
        "granite-live check --preset") mapfile -t COMPREPLY < <(compgen -W "standard bbc netflix phone" -- "$current"); return ;;
        "granite-live retime -o") compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$current"); return ;;
        "granite-live retime --output") compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$current"); return ;;
        "granite-live retime --shift") :; return ;;
        "granite-live retime --stretch") :; return ;;
        "granite-live serve --port") :; return ;;
        "granite-live serve --lan-address") :; return ;;
        "granite-live serve --max-upload") :; return ;;
        "granite-live serve --idle-minutes") :; return ;;
        "granite-live serve --bundle") compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$current"); return ;;
        "granite-live serve --tier") mapfile -t COMPREPLY < <(compgen -W "fp32 fp16w int8" -- "$current"); return ;;
        "granite-live serve --provider") mapfile -t COMPREPLY < <(compgen -W "auto cpu cuda coreml" -- "$current"); return ;;
        "granite-live serve --threads") :; return ;;
        "granite-live serve --graphs") mapfile -t COMPREPLY < <(compgen -W "auto published prepared" -- "$current"); return ;;
        "granite-live serve --skip-editor") mapfile -t COMPREPLY < <(compgen -W "off safe fast" -- "$current"); return ;;
        "granite-live serve --editing-passes") :; return ;;
        "granite-live serve --vocabulary") compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$current"); return ;;
        "granite-live bench --bundle") compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$current"); return ;;
        "granite-live bench --tier") mapfile -t COMPREPLY < <(compgen -W "fp32 fp16w int8" -- "$current"); return ;;
        "granite-live bench --seconds") :; return ;;
        "granite-live bench --compare") mapfile -t COMPREPLY < <(compgen -W "published" -- "$current"); return ;;
        "granite-live bench --threads") :; return ;;
        "granite-live bench --skip-editor") mapfile -t COMPREPLY < <(compgen -W "off safe fast" -- "$current"); return ;;
        "granite-live bench --provider") mapfile -t COMPREPLY < <(compgen -W "auto cpu cuda coreml" -- "$current"); return ;;
        "granite-live prove --bundle") compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$current"); return ;;
        "granite-live prove --tier") mapfile -t COMPREPLY < <(compgen -W "fp32 fp16w int8" -- "$current"); return ;;
        "granite-live prove --folder") compopt -o filenames; mapfile -t COMPREPLY < <(compgen -d -- "$current"); return ;;
        "granite-live prove --editing-passes") :; return ;;
        "granite-live prove --provider") mapfile -t COMPREPLY < <(compgen -W "auto cpu cuda coreml" -- "$current"); return ;;
        "granite-live prove --chart") :; return ;;
        "granite-live models download --tier") mapfile -t COMPREPLY < <(compgen -W "fp32 fp16w int8" -- "$current"); return ;;
        "granite-live models download --from") compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$current"); return ;;
        "granite-live models prepare --tier") mapfile -t COMPREPLY < <(compgen -W "fp32 fp16w int8" -- "$current"); return ;;
        "granite-live models import --name") :; return ;;
        "granite-live models remove --tier") mapfile -t COMPREPLY < <(compgen -W "fp32 fp16w int8" -- "$current"); return ;;
        "granite-live models show --tier") mapfile -t COMPREPLY < <(compgen -W "fp32 fp16w int8" -- "$current"); return ;;
        "granite-live models verify --tier") mapfile -t COMPREPLY < <(compgen -W "fp32 fp16w int8" -- "$current"); return ;;
        "granite-live vocabulary add --sounds-like") :; return ;;
        "granite-live vocabulary add --set") :; return ;;
        "granite-live vocabulary list --set") :; return ;;
        "granite-live vocabulary import --set") :; return ;;
        "granite-live vocabulary export --set") :; return ;;
        "granite-live vocabulary on --set") :; return ;;
        "granite-live vocabulary off --set") :; return ;;
    esac
    case "$command" in
        "granite-live") words="transcribe listen recover devices watch align search check retime toggle start stop pause cancel captions dictate status serve settings doctor bench prove uninstall-data window models vocabulary --version -h --help" ;;
        "granite-live transcribe") words="--bundle --tier --provider --format --subtitles --word-times --no-times --numbers -o --output --output-dir --overwrite --skip-existing -r --recursive --restart --audio-track --no-segmentation --part-seconds --threads --graphs --skip-editor --editing-passes --vocabulary --as-heard --hook --hook-url -q --quiet -h --help" ;;
        "granite-live listen") words="--device --system-sound --with-system-sound --without-system-sound --keep-echo --remove-echo --source --realtime --audio-track --seconds --bundle --tier --provider --threads --graphs --skip-editor --editing-passes --vocabulary --json --save --keep --as-heard --hook --hook-url -q --quiet -h --help" ;;
        "granite-live recover") words="--bundle --tier --provider --threads --graphs --skip-editor --editing-passes --save --keep-echo --remove-echo -q --quiet -h --help" ;;
        "granite-live devices") words="-h --help" ;;
        "granite-live watch") words="--bundle --tier --provider --format --subtitles --word-times -r --recursive --audio-track --threads --graphs --vocabulary --hook --hook-url -q --quiet -h --help" ;;
        "granite-live align") words="--bundle --tier --provider --format --subtitles --word-times -o --output --overwrite --audio-track --threads --graphs --hook --hook-url -q --quiet -h --help" ;;
        "granite-live search") words="--by-sound --limit --bundle --tier --provider --threads --graphs -q --quiet -h --help" ;;
        "granite-live check") words="--preset -q --quiet -h --help" ;;
        "granite-live retime") words="-o --output --shift --stretch --overwrite -h --help" ;;
        "granite-live toggle") words="-h --help" ;;
        "granite-live start") words="-h --help" ;;
        "granite-live stop") words="-h --help" ;;
        "granite-live pause") words="-h --help" ;;
        "granite-live cancel") words="-h --help" ;;
        "granite-live captions") words="--show --hide -h --help" ;;
        "granite-live dictate") words="--hold --release -h --help" ;;
        "granite-live status") words="--json -h --help" ;;
        "granite-live serve") words="--port --no-auth --lan --lan-address -y --yes --max-upload --idle-minutes --bundle --tier --provider --threads --graphs --skip-editor --editing-passes --vocabulary --as-heard -q --quiet -h --help" ;;
        "granite-live settings") words="-h --help" ;;
        "granite-live doctor") words="--json -q --quiet -h --help" ;;
        "granite-live bench") words="--bundle --tier --seconds --compare --threads --skip-editor --provider --json -q --quiet -h --help" ;;
        "granite-live prove") words="--bundle --tier --folder --corrected --editing-passes --provider --chart --json -q --quiet -h --help" ;;
        "granite-live uninstall-data") words="-y --yes -h --help" ;;
        "granite-live window") words="--in-tray -h --help" ;;
        "granite-live models") words="download prepare list where import remove show verify -h --help" ;;
        "granite-live models download") words="--tier --from --newest --prepare --no-prepare -q --quiet -h --help" ;;
        "granite-live models prepare") words="--tier --eight-bit -q --quiet -h --help" ;;
        "granite-live models list") words="-h --help" ;;
        "granite-live models where") words="-h --help" ;;
        "granite-live models import") words="--name --prepare --no-prepare -q --quiet -h --help" ;;
        "granite-live models remove") words="--tier --unfinished -y --yes -h --help" ;;
        "granite-live models show") words="--tier -h --help" ;;
        "granite-live models verify") words="--tier -q --quiet -h --help" ;;
        "granite-live vocabulary") words="add remove list import export on off -h --help" ;;
        "granite-live vocabulary add") words="--sounds-like --set -h --help" ;;
        "granite-live vocabulary remove") words="-h --help" ;;
        "granite-live vocabulary list") words="--set -h --help" ;;
        "granite-live vocabulary import") words="--set -h --help" ;;
        "granite-live vocabulary export") words="--set --overwrite -h --help" ;;
        "granite-live vocabulary on") words="--set -h --help" ;;
        "granite-live vocabulary off") words="--set -h --help" ;;
    esac
    if [[ $current == -* ]]; then
        mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
        return
    fi
    case "$command" in
        "granite-live" | "granite-live models" | "granite-live vocabulary") mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current") ;;
        "granite-live transcribe" | "granite-live align" | "granite-live check" | "granite-live retime" | "granite-live window" | "granite-live models prepare" | "granite-live models import" | "granite-live models show" | "granite-live models verify" | "granite-live vocabulary import" | "granite-live vocabulary export") compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$current") ;;
    esac
}
complete -F _granite_live granite-live
