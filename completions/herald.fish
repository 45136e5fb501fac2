# Print an optspec for argparse to handle cmd's options that are independent of any subcommand.
function __fish_herald_global_optspecs
    string join \n profile= profiles= provider= output= color= v/verbose q/quiet h/help V/version
end

function __fish_herald_needs_command
    # Figure out if the current invocation already has a command.
    set -l cmd (commandline -opc)
    set -e cmd[1]
    argparse -s (__fish_herald_global_optspecs) -- $cmd 2>/dev/null
    or return
    if set -q argv[1]
        # Also print the command, so this can be used to figure out what it is.
        echo $argv[1]
        return 1
    end
    return 0
end

function __fish_herald_using_subcommand
    set -l cmd (__fish_herald_needs_command)
    test -z "$cmd"
    and return 1
    contains -- $cmd[1] $argv
end

complete -c herald -n "__fish_herald_needs_command" -l profile -d 'Use this profile' -r
complete -c herald -n "__fish_herald_needs_command" -l profiles -d 'Read profiles from this file' -r -F
complete -c herald -n "__fish_herald_needs_command" -l provider -d 'Use this provider, where no profile says which' -r
complete -c herald -n "__fish_herald_needs_command" -l output -d 'Write results in this format [default: table]' -r -f -a "table\t'Tables and sentences'
json\t'One JSON document'
ndjson\t'One JSON document a line'
sarif\t'SARIF 2.1.0'
junit\t'JUnit XML'
github\t'GitHub workflow commands'
gitlab\t'GitLab Code Quality'"
complete -c herald -n "__fish_herald_needs_command" -l color -d 'Colour what is written [default: auto]' -r -f -a "auto\t'Where a terminal shows it'
always\t'Everywhere'
never\t'Nowhere'"
complete -c herald -n "__fish_herald_needs_command" -s v -l verbose -d 'Tell each phase on stderr, without secrets'
complete -c herald -n "__fish_herald_needs_command" -s q -l quiet -d 'Keep remarks back; errors and results stay'
complete -c herald -n "__fish_herald_needs_command" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c herald -n "__fish_herald_needs_command" -s V -l version -d 'Print version'
complete -c herald -n "__fish_herald_needs_command" -f -a "send" -d 'Send one message to named users, groups, rooms, aliases or registration ids'
complete -c herald -n "__fish_herald_needs_command" -f -a "broadcast" -d 'Send one message to everybody, a tag, a package or a list'
complete -c herald -n "__fish_herald_needs_command" -f -a "apply" -d 'Carry out a plan that `broadcast --plan` wrote: exactly that, once'
complete -c herald -n "__fish_herald_needs_command" -f -a "stop" -d 'Halt a job before its next batch'
complete -c herald -n "__fish_herald_needs_command" -f -a "recall" -d 'Recall what was sent: by ledger id, by the vendor\'s id, or the last one'
complete -c herald -n "__fish_herald_needs_command" -f -a "update" -d 'Replace the content of a message that was sent'
complete -c herald -n "__fish_herald_needs_command" -f -a "delete" -d 'Delete a message that was sent'
complete -c herald -n "__fish_herald_needs_command" -f -a "clear" -d 'Clear the messages of a conversation'
complete -c herald -n "__fish_herald_needs_command" -f -a "get" -d 'Fetch a message that was sent'
complete -c herald -n "__fish_herald_needs_command" -f -a "status" -d 'Ask what became of a message that was sent'
complete -c herald -n "__fish_herald_needs_command" -f -a "call" -d 'Call any operation of a contract'
complete -c herald -n "__fish_herald_needs_command" -f -a "upload" -d 'Upload files to a vendor that takes them'
complete -c herald -n "__fish_herald_needs_command" -f -a "validate" -d 'Lint payload files, folders, NDJSON and stdin; offline, without credentials'
complete -c herald -n "__fish_herald_needs_command" -f -a "sign" -d 'Print a signature and its headers, explain it, or verify one'
complete -c herald -n "__fish_herald_needs_command" -f -a "profile" -d 'Make, list, show and check profiles'
complete -c herald -n "__fish_herald_needs_command" -f -a "history" -d 'Show what was sent, its ids and outcome, and resolve what is unknown'
complete -c herald -n "__fish_herald_needs_command" -f -a "jobs" -d 'List jobs: what is done, what is left, what is recalled'
complete -c herald -n "__fish_herald_needs_command" -f -a "explain" -d 'Explain a lint rule, a vendor\'s error code or a word that herald prints'
complete -c herald -n "__fish_herald_needs_command" -f -a "schema" -d 'Write JSON Schemas of operations, message types and herald\'s own output'
complete -c herald -n "__fish_herald_needs_command" -f -a "providers" -d 'Show what can be sent: operations, message types, fields, limits, rates'
complete -c herald -n "__fish_herald_needs_command" -f -a "sandbox" -d 'Serve a local mock server of the vendors'
complete -c herald -n "__fish_herald_needs_command" -f -a "completions" -d 'Print the completion script of a shell, or the manual pages'
complete -c herald -n "__fish_herald_needs_command" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c herald -n "__fish_herald_using_subcommand send" -l to -d 'Name a target: user:bob, group:g1; repeatable' -r
complete -c herald -n "__fish_herald_using_subcommand send" -l from -d 'Name the sender' -r
complete -c herald -n "__fish_herald_using_subcommand send" -l text -d 'Send a text' -r
complete -c herald -n "__fish_herald_using_subcommand send" -l text-file -d 'Send the text in this file, in UTF-8; `-` is stdin' -r -F
complete -c herald -n "__fish_herald_using_subcommand send" -l image -d 'Send a picture: its address, or a local file where the vendor takes uploads' -r -F
complete -c herald -n "__fish_herald_using_subcommand send" -l voice -d 'Send a voice message, given as a picture is' -r -F
complete -c herald -n "__fish_herald_using_subcommand send" -l video -d 'Send a video, given as a picture is' -r -F
complete -c herald -n "__fish_herald_using_subcommand send" -l file -d 'Send a file, given as a picture is' -r -F
complete -c herald -n "__fish_herald_using_subcommand send" -l location -d 'Send a place, in degrees: 39.9,116.4,Beijing' -r
complete -c herald -n "__fish_herald_using_subcommand send" -l command -d 'Send a command that the app acts on and does not show' -r
complete -c herald -n "__fish_herald_using_subcommand send" -l title -d 'Give it a title, where the vendor has one' -r
complete -c herald -n "__fish_herald_using_subcommand send" -l extra -d 'Add a pair of the app\'s own data; repeatable' -r
complete -c herald -n "__fish_herald_using_subcommand send" -l type -d 'Send one of the vendor\'s own types, by its id or by the vendor\'s name for it; its fields are given with --set' -r
complete -c herald -n "__fish_herald_using_subcommand send" -l set -d 'Set a field of the contract: PATH=TEXT, typed by the contract, or PATH:=JSON; repeatable' -r
complete -c herald -n "__fish_herald_using_subcommand send" -l body -d 'Take the whole request body from a file; `-` is stdin' -r -F
complete -c herald -n "__fish_herald_using_subcommand send" -l allow-path -d 'Let files that the payload names lie in this folder, too, and links lead there; repeatable' -r -F
complete -c herald -n "__fish_herald_using_subcommand send" -l dry-run -d 'Print the request instead of sending it; opens no socket. `=server` asks the vendor\'s own check' -r -f -a "local\t'Inside herald'
server\t'At the vendor\'s own check, which delivers nothing'"
complete -c herald -n "__fish_herald_using_subcommand send" -l nonce -d 'Fix the nonce of a printed signature' -r
complete -c herald -n "__fish_herald_using_subcommand send" -l timestamp -d 'Fix the timestamp of a printed signature' -r
complete -c herald -n "__fish_herald_using_subcommand send" -l deadline -d 'Give up after this time in all: 500ms, 1.5s, 2m, 1h, 1d [default: 30s; a list has no end, and 30s a request]' -r
complete -c herald -n "__fish_herald_using_subcommand send" -l cacert -d 'Trust the certificates in this PEM file instead of the ones compiled in' -r -F
complete -c herald -n "__fish_herald_using_subcommand send" -l ledger -d 'Keep the ledger in this file [default: ledger.db in herald\'s folder for state]' -r -F
complete -c herald -n "__fish_herald_using_subcommand send" -l confirm -d 'Confirm a send to everybody, a tag, a package or more than max_targets, by the profile\'s name' -r
complete -c herald -n "__fish_herald_using_subcommand send" -l allow -d 'Waive one lint rule by its code, the part of a finding in brackets; repeatable' -r
complete -c herald -n "__fish_herald_using_subcommand send" -l override -d 'Pass one guard by its name, where it allows that; repeatable, recorded in the ledger' -r
complete -c herald -n "__fish_herald_using_subcommand send" -l profile -d 'Use this profile' -r
complete -c herald -n "__fish_herald_using_subcommand send" -l profiles -d 'Read profiles from this file' -r -F
complete -c herald -n "__fish_herald_using_subcommand send" -l provider -d 'Use this provider, where no profile says which' -r
complete -c herald -n "__fish_herald_using_subcommand send" -l color -d 'Colour what is written [default: auto]' -r -f -a "auto\t'Where a terminal shows it'
always\t'Everywhere'
never\t'Nowhere'"
complete -c herald -n "__fish_herald_using_subcommand send" -l output -d 'Write results in this format [default: table]' -r -f -a "table\t'Tables and sentences'
json\t'One JSON document'
ndjson\t'One JSON document a line'"
complete -c herald -n "__fish_herald_using_subcommand send" -l allow-empty -d 'Send a text or a title that shows nothing, as a silent push has it'
complete -c herald -n "__fish_herald_using_subcommand send" -l curl -d 'Print the request as a curl command instead of sending it'
complete -c herald -n "__fish_herald_using_subcommand send" -l show-secrets -d 'Show secrets and signatures in what --dry-run and --curl print'
complete -c herald -n "__fish_herald_using_subcommand send" -l yes -d 'Answer yes where more targets than the profile\'s confirm_above (default 100) raise a question'
complete -c herald -n "__fish_herald_using_subcommand send" -l sandbox -d 'Run against the mock server inside herald: no credentials, no network'
complete -c herald -n "__fish_herald_using_subcommand send" -s v -l verbose -d 'Tell each phase on stderr, without secrets'
complete -c herald -n "__fish_herald_using_subcommand send" -s q -l quiet -d 'Keep remarks back; errors and results stay'
complete -c herald -n "__fish_herald_using_subcommand send" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c herald -n "__fish_herald_using_subcommand broadcast" -l tag -d 'Reach the users who have this tag; repeatable: those who have any of the tags' -r
complete -c herald -n "__fish_herald_using_subcommand broadcast" -l package -d 'Reach the users of this app package' -r
complete -c herald -n "__fish_herald_using_subcommand broadcast" -l targets -d 'Reach the targets of this list: a target a line as --to takes it, CSV with --column, NDJSON, or JSON; `-` is stdin' -r -F
complete -c herald -n "__fish_herald_using_subcommand broadcast" -l column -d 'Find the targets in this column of a CSV' -r
complete -c herald -n "__fish_herald_using_subcommand broadcast" -l form -d 'Read the list as this, where its name does not say it' -r -f -a "lines\t'A target a line'
csv\t'Comma-separated values with a header row'
ndjson\t'A JSON text a line'
json\t'A JSON array'"
complete -c herald -n "__fish_herald_using_subcommand broadcast" -l encoding -d 'Read the list in this encoding: utf-8, gbk, gb18030, utf-16, utf-16le, utf-16be' -r
complete -c herald -n "__fish_herald_using_subcommand broadcast" -l resume -d 'Go on with what is left of a job, by its name, or by its id or a part of at least 6 digits of it' -r
complete -c herald -n "__fish_herald_using_subcommand broadcast" -l to -d 'Name a target: user:bob, group:g1; repeatable' -r
complete -c herald -n "__fish_herald_using_subcommand broadcast" -l from -d 'Name the sender' -r
complete -c herald -n "__fish_herald_using_subcommand broadcast" -l text -d 'Send a text' -r
complete -c herald -n "__fish_herald_using_subcommand broadcast" -l text-file -d 'Send the text in this file, in UTF-8; `-` is stdin' -r -F
complete -c herald -n "__fish_herald_using_subcommand broadcast" -l image -d 'Send a picture: its address, or a local file where the vendor takes uploads' -r -F
complete -c herald -n "__fish_herald_using_subcommand broadcast" -l voice -d 'Send a voice message, given as a picture is' -r -F
complete -c herald -n "__fish_herald_using_subcommand broadcast" -l video -d 'Send a video, given as a picture is' -r -F
complete -c herald -n "__fish_herald_using_subcommand broadcast" -l file -d 'Send a file, given as a picture is' -r -F
complete -c herald -n "__fish_herald_using_subcommand broadcast" -l location -d 'Send a place, in degrees: 39.9,116.4,Beijing' -r
complete -c herald -n "__fish_herald_using_subcommand broadcast" -l command -d 'Send a command that the app acts on and does not show' -r
complete -c herald -n "__fish_herald_using_subcommand broadcast" -l title -d 'Give it a title, where the vendor has one' -r
complete -c herald -n "__fish_herald_using_subcommand broadcast" -l extra -d 'Add a pair of the app\'s own data; repeatable' -r
complete -c herald -n "__fish_herald_using_subcommand broadcast" -l type -d 'Send one of the vendor\'s own types, by its id or by the vendor\'s name for it; its fields are given with --set' -r
complete -c herald -n "__fish_herald_using_subcommand broadcast" -l set -d 'Set a field of the contract: PATH=TEXT, typed by the contract, or PATH:=JSON; repeatable' -r
complete -c herald -n "__fish_herald_using_subcommand broadcast" -l body -d 'Take the whole request body from a file; `-` is stdin' -r -F
complete -c herald -n "__fish_herald_using_subcommand broadcast" -l allow-path -d 'Let files that the payload names lie in this folder, too, and links lead there; repeatable' -r -F
complete -c herald -n "__fish_herald_using_subcommand broadcast" -l job -d 'Name the job, for --resume, `stop`, `recall --job` and the guard against audiences that grow' -r
complete -c herald -n "__fish_herald_using_subcommand broadcast" -l concurrency -d 'The most requests that may be in flight at a time [default: 16]' -r
complete -c herald -n "__fish_herald_using_subcommand broadcast" -l results -d 'Write the outcome of each target into this file, a JSON object a line; a target without a request yet is `planned`' -r -F
complete -c herald -n "__fish_herald_using_subcommand broadcast" -l abort-above -d 'Halt when more than this share of the targets failed: 1% or 0.01 [default: 1% with --canary, else none]' -r
complete -c herald -n "__fish_herald_using_subcommand broadcast" -l canary -d 'Reach the first N targets of the list, wait for --soak, and go on if no more than --abort-above failed' -r
complete -c herald -n "__fish_herald_using_subcommand broadcast" -l soak -d 'Wait so long after the canary [default: 60s]' -r
complete -c herald -n "__fish_herald_using_subcommand broadcast" -l plan -d 'Write down what would go out instead of sending it: `herald apply FILE` sends exactly that, once' -r -F
complete -c herald -n "__fish_herald_using_subcommand broadcast" -l valid-for -d 'Let the plan be applied within this time, at most 24h [default: 1h]' -r
complete -c herald -n "__fish_herald_using_subcommand broadcast" -l dry-run -d 'Print the request instead of sending it; opens no socket. `=server` asks the vendor\'s own check' -r -f -a "local\t'Inside herald'
server\t'At the vendor\'s own check, which delivers nothing'"
complete -c herald -n "__fish_herald_using_subcommand broadcast" -l nonce -d 'Fix the nonce of a printed signature' -r
complete -c herald -n "__fish_herald_using_subcommand broadcast" -l timestamp -d 'Fix the timestamp of a printed signature' -r
complete -c herald -n "__fish_herald_using_subcommand broadcast" -l deadline -d 'Give up after this time in all: 500ms, 1.5s, 2m, 1h, 1d [default: 30s; a list has no end, and 30s a request]' -r
complete -c herald -n "__fish_herald_using_subcommand broadcast" -l cacert -d 'Trust the certificates in this PEM file instead of the ones compiled in' -r -F
complete -c herald -n "__fish_herald_using_subcommand broadcast" -l ledger -d 'Keep the ledger in this file [default: ledger.db in herald\'s folder for state]' -r -F
complete -c herald -n "__fish_herald_using_subcommand broadcast" -l confirm -d 'Confirm a send to everybody, a tag, a package or more than max_targets, by the profile\'s name' -r
complete -c herald -n "__fish_herald_using_subcommand broadcast" -l allow -d 'Waive one lint rule by its code, the part of a finding in brackets; repeatable' -r
complete -c herald -n "__fish_herald_using_subcommand broadcast" -l override -d 'Pass one guard by its name, where it allows that; repeatable, recorded in the ledger' -r
complete -c herald -n "__fish_herald_using_subcommand broadcast" -l profile -d 'Use this profile' -r
complete -c herald -n "__fish_herald_using_subcommand broadcast" -l profiles -d 'Read profiles from this file' -r -F
complete -c herald -n "__fish_herald_using_subcommand broadcast" -l provider -d 'Use this provider, where no profile says which' -r
complete -c herald -n "__fish_herald_using_subcommand broadcast" -l color -d 'Colour what is written [default: auto]' -r -f -a "auto\t'Where a terminal shows it'
always\t'Everywhere'
never\t'Nowhere'"
complete -c herald -n "__fish_herald_using_subcommand broadcast" -l output -d 'Write results in this format [default: table]' -r -f -a "table\t'Tables and sentences'
json\t'One JSON document'
ndjson\t'One JSON document a line'"
complete -c herald -n "__fish_herald_using_subcommand broadcast" -l all -d 'Reach everybody; has to be confirmed'
complete -c herald -n "__fish_herald_using_subcommand broadcast" -l skip-invalid -d 'Leave out entries that cannot be used, instead of sending nothing; --results tells them as `skipped`'
complete -c herald -n "__fish_herald_using_subcommand broadcast" -l allow-empty -d 'Send a text or a title that shows nothing, as a silent push has it'
complete -c herald -n "__fish_herald_using_subcommand broadcast" -l curl -d 'Print the request as a curl command instead of sending it'
complete -c herald -n "__fish_herald_using_subcommand broadcast" -l show-secrets -d 'Show secrets and signatures in what --dry-run and --curl print'
complete -c herald -n "__fish_herald_using_subcommand broadcast" -l yes -d 'Answer yes where more targets than the profile\'s confirm_above (default 100) raise a question'
complete -c herald -n "__fish_herald_using_subcommand broadcast" -l sandbox -d 'Run against the mock server inside herald: no credentials, no network'
complete -c herald -n "__fish_herald_using_subcommand broadcast" -s v -l verbose -d 'Tell each phase on stderr, without secrets'
complete -c herald -n "__fish_herald_using_subcommand broadcast" -s q -l quiet -d 'Keep remarks back; errors and results stay'
complete -c herald -n "__fish_herald_using_subcommand broadcast" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c herald -n "__fish_herald_using_subcommand apply" -l concurrency -d 'The most requests that may be in flight at a time [default: 16]' -r
complete -c herald -n "__fish_herald_using_subcommand apply" -l results -d 'Write the outcome of each target into this file, a JSON object a line; a target without a request yet is `planned`' -r -F
complete -c herald -n "__fish_herald_using_subcommand apply" -l abort-above -d 'Halt when more than this share of the targets failed: 1% or 0.01 [default: 1% with --canary, else none]' -r
complete -c herald -n "__fish_herald_using_subcommand apply" -l dry-run -d 'Print the request instead of sending it; opens no socket. `=server` asks the vendor\'s own check' -r -f -a "local\t'Inside herald'
server\t'At the vendor\'s own check, which delivers nothing'"
complete -c herald -n "__fish_herald_using_subcommand apply" -l nonce -d 'Fix the nonce of a printed signature' -r
complete -c herald -n "__fish_herald_using_subcommand apply" -l timestamp -d 'Fix the timestamp of a printed signature' -r
complete -c herald -n "__fish_herald_using_subcommand apply" -l deadline -d 'Give up after this time in all: 500ms, 1.5s, 2m, 1h, 1d [default: 30s; a list has no end, and 30s a request]' -r
complete -c herald -n "__fish_herald_using_subcommand apply" -l cacert -d 'Trust the certificates in this PEM file instead of the ones compiled in' -r -F
complete -c herald -n "__fish_herald_using_subcommand apply" -l ledger -d 'Keep the ledger in this file [default: ledger.db in herald\'s folder for state]' -r -F
complete -c herald -n "__fish_herald_using_subcommand apply" -l confirm -d 'Confirm a send to everybody, a tag, a package or more than max_targets, by the profile\'s name' -r
complete -c herald -n "__fish_herald_using_subcommand apply" -l allow -d 'Waive one lint rule by its code, the part of a finding in brackets; repeatable' -r
complete -c herald -n "__fish_herald_using_subcommand apply" -l override -d 'Pass one guard by its name, where it allows that; repeatable, recorded in the ledger' -r
complete -c herald -n "__fish_herald_using_subcommand apply" -l profile -d 'Use this profile' -r
complete -c herald -n "__fish_herald_using_subcommand apply" -l profiles -d 'Read profiles from this file' -r -F
complete -c herald -n "__fish_herald_using_subcommand apply" -l provider -d 'Use this provider, where no profile says which' -r
complete -c herald -n "__fish_herald_using_subcommand apply" -l color -d 'Colour what is written [default: auto]' -r -f -a "auto\t'Where a terminal shows it'
always\t'Everywhere'
never\t'Nowhere'"
complete -c herald -n "__fish_herald_using_subcommand apply" -l output -d 'Write results in this format [default: table]' -r -f -a "table\t'Tables and sentences'
json\t'One JSON document'
ndjson\t'One JSON document a line'"
complete -c herald -n "__fish_herald_using_subcommand apply" -l curl -d 'Print the request as a curl command instead of sending it'
complete -c herald -n "__fish_herald_using_subcommand apply" -l show-secrets -d 'Show secrets and signatures in what --dry-run and --curl print'
complete -c herald -n "__fish_herald_using_subcommand apply" -l yes -d 'Answer yes where more targets than the profile\'s confirm_above (default 100) raise a question'
complete -c herald -n "__fish_herald_using_subcommand apply" -l sandbox -d 'Run against the mock server inside herald: no credentials, no network'
complete -c herald -n "__fish_herald_using_subcommand apply" -s v -l verbose -d 'Tell each phase on stderr, without secrets'
complete -c herald -n "__fish_herald_using_subcommand apply" -s q -l quiet -d 'Keep remarks back; errors and results stay'
complete -c herald -n "__fish_herald_using_subcommand apply" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c herald -n "__fish_herald_using_subcommand stop" -l ledger -d 'Look for it in this ledger' -r -F
complete -c herald -n "__fish_herald_using_subcommand stop" -l profile -d 'Use this profile' -r
complete -c herald -n "__fish_herald_using_subcommand stop" -l profiles -d 'Read profiles from this file' -r -F
complete -c herald -n "__fish_herald_using_subcommand stop" -l provider -d 'Use this provider, where no profile says which' -r
complete -c herald -n "__fish_herald_using_subcommand stop" -l color -d 'Colour what is written [default: auto]' -r -f -a "auto\t'Where a terminal shows it'
always\t'Everywhere'
never\t'Nowhere'"
complete -c herald -n "__fish_herald_using_subcommand stop" -l output -d 'Write results in this format [default: table]' -r -f -a "table\t'Tables and sentences'
json\t'One JSON document'
ndjson\t'One JSON document a line'"
complete -c herald -n "__fish_herald_using_subcommand stop" -l sandbox -d 'Stop a job of the sandbox'
complete -c herald -n "__fish_herald_using_subcommand stop" -s v -l verbose -d 'Tell each phase on stderr, without secrets'
complete -c herald -n "__fish_herald_using_subcommand stop" -s q -l quiet -d 'Keep remarks back; errors and results stay'
complete -c herald -n "__fish_herald_using_subcommand stop" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c herald -n "__fish_herald_using_subcommand recall" -l to -d 'Name the user, group or room that it is about, where the ledger does not know' -r
complete -c herald -n "__fish_herald_using_subcommand recall" -l from -d 'Name who acts, where the ledger does not know' -r
complete -c herald -n "__fish_herald_using_subcommand recall" -l set -d 'Set a field of the contract: PATH=TEXT or PATH:=JSON; repeatable' -r
complete -c herald -n "__fish_herald_using_subcommand recall" -l dry-run -d 'Print the request instead of sending it; opens no socket. `=server` asks the vendor\'s own check' -r -f -a "local\t'Inside herald'
server\t'At the vendor\'s own check, which delivers nothing'"
complete -c herald -n "__fish_herald_using_subcommand recall" -l nonce -d 'Fix the nonce of a printed signature' -r
complete -c herald -n "__fish_herald_using_subcommand recall" -l timestamp -d 'Fix the timestamp of a printed signature' -r
complete -c herald -n "__fish_herald_using_subcommand recall" -l deadline -d 'Give up after this time in all: 500ms, 1.5s, 2m, 1h, 1d [default: 30s; a list has no end, and 30s a request]' -r
complete -c herald -n "__fish_herald_using_subcommand recall" -l cacert -d 'Trust the certificates in this PEM file instead of the ones compiled in' -r -F
complete -c herald -n "__fish_herald_using_subcommand recall" -l ledger -d 'Keep the ledger in this file [default: ledger.db in herald\'s folder for state]' -r -F
complete -c herald -n "__fish_herald_using_subcommand recall" -l confirm -d 'Confirm a send to everybody, a tag, a package or more than max_targets, by the profile\'s name' -r
complete -c herald -n "__fish_herald_using_subcommand recall" -l allow -d 'Waive one lint rule by its code, the part of a finding in brackets; repeatable' -r
complete -c herald -n "__fish_herald_using_subcommand recall" -l override -d 'Pass one guard by its name, where it allows that; repeatable, recorded in the ledger' -r
complete -c herald -n "__fish_herald_using_subcommand recall" -l job -d 'Recall all that a job has sent, by its name or its id' -r
complete -c herald -n "__fish_herald_using_subcommand recall" -l targets -d 'Recall it from the users of this list alone, in the forms that a broadcast takes; `-` is stdin' -r -F
complete -c herald -n "__fish_herald_using_subcommand recall" -l column -d 'Find the targets in this column of a CSV' -r
complete -c herald -n "__fish_herald_using_subcommand recall" -l form -d 'Read the list as this, where its name does not say it' -r -f -a "lines\t'A target a line'
csv\t'Comma-separated values with a header row'
ndjson\t'A JSON text a line'
json\t'A JSON array'"
complete -c herald -n "__fish_herald_using_subcommand recall" -l encoding -d 'Read the list in this encoding: utf-8, gbk, gb18030, utf-16, utf-16le, utf-16be' -r
complete -c herald -n "__fish_herald_using_subcommand recall" -l resume -d 'Go on with what is left of such a command that was halted, by the id or the name of its job' -r
complete -c herald -n "__fish_herald_using_subcommand recall" -l concurrency -d 'The most requests that may be in flight at a time [default: 16]' -r
complete -c herald -n "__fish_herald_using_subcommand recall" -l results -d 'Write the outcome of each target into this file, a JSON object a line; a target without a request yet is `planned`' -r -F
complete -c herald -n "__fish_herald_using_subcommand recall" -l abort-above -d 'Halt when more than this share of the targets failed: 1% or 0.01 [default: 1% with --canary, else none]' -r
complete -c herald -n "__fish_herald_using_subcommand recall" -l profile -d 'Use this profile' -r
complete -c herald -n "__fish_herald_using_subcommand recall" -l profiles -d 'Read profiles from this file' -r -F
complete -c herald -n "__fish_herald_using_subcommand recall" -l provider -d 'Use this provider, where no profile says which' -r
complete -c herald -n "__fish_herald_using_subcommand recall" -l color -d 'Colour what is written [default: auto]' -r -f -a "auto\t'Where a terminal shows it'
always\t'Everywhere'
never\t'Nowhere'"
complete -c herald -n "__fish_herald_using_subcommand recall" -l output -d 'Write results in this format [default: table]' -r -f -a "table\t'Tables and sentences'
json\t'One JSON document'
ndjson\t'One JSON document a line'"
complete -c herald -n "__fish_herald_using_subcommand recall" -l last -d 'Mean what was sent last, with this profile where one is named'
complete -c herald -n "__fish_herald_using_subcommand recall" -l curl -d 'Print the request as a curl command instead of sending it'
complete -c herald -n "__fish_herald_using_subcommand recall" -l show-secrets -d 'Show secrets and signatures in what --dry-run and --curl print'
complete -c herald -n "__fish_herald_using_subcommand recall" -l yes -d 'Answer yes where more targets than the profile\'s confirm_above (default 100) raise a question'
complete -c herald -n "__fish_herald_using_subcommand recall" -l sandbox -d 'Run against the mock server inside herald: no credentials, no network'
complete -c herald -n "__fish_herald_using_subcommand recall" -l skip-invalid -d 'Leave out entries that cannot be used, instead of recalling nothing'
complete -c herald -n "__fish_herald_using_subcommand recall" -s v -l verbose -d 'Tell each phase on stderr, without secrets'
complete -c herald -n "__fish_herald_using_subcommand recall" -s q -l quiet -d 'Keep remarks back; errors and results stay'
complete -c herald -n "__fish_herald_using_subcommand recall" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c herald -n "__fish_herald_using_subcommand update" -l resume -d 'Go on with what is left of an update of many that was halted, by the id or the name of its job' -r
complete -c herald -n "__fish_herald_using_subcommand update" -l to -d 'Name a target: user:bob, group:g1; repeatable' -r
complete -c herald -n "__fish_herald_using_subcommand update" -l from -d 'Name the sender' -r
complete -c herald -n "__fish_herald_using_subcommand update" -l text -d 'Send a text' -r
complete -c herald -n "__fish_herald_using_subcommand update" -l text-file -d 'Send the text in this file, in UTF-8; `-` is stdin' -r -F
complete -c herald -n "__fish_herald_using_subcommand update" -l image -d 'Send a picture: its address, or a local file where the vendor takes uploads' -r -F
complete -c herald -n "__fish_herald_using_subcommand update" -l voice -d 'Send a voice message, given as a picture is' -r -F
complete -c herald -n "__fish_herald_using_subcommand update" -l video -d 'Send a video, given as a picture is' -r -F
complete -c herald -n "__fish_herald_using_subcommand update" -l file -d 'Send a file, given as a picture is' -r -F
complete -c herald -n "__fish_herald_using_subcommand update" -l location -d 'Send a place, in degrees: 39.9,116.4,Beijing' -r
complete -c herald -n "__fish_herald_using_subcommand update" -l command -d 'Send a command that the app acts on and does not show' -r
complete -c herald -n "__fish_herald_using_subcommand update" -l title -d 'Give it a title, where the vendor has one' -r
complete -c herald -n "__fish_herald_using_subcommand update" -l extra -d 'Add a pair of the app\'s own data; repeatable' -r
complete -c herald -n "__fish_herald_using_subcommand update" -l type -d 'Send one of the vendor\'s own types, by its id or by the vendor\'s name for it; its fields are given with --set' -r
complete -c herald -n "__fish_herald_using_subcommand update" -l set -d 'Set a field of the contract: PATH=TEXT, typed by the contract, or PATH:=JSON; repeatable' -r
complete -c herald -n "__fish_herald_using_subcommand update" -l body -d 'Take the whole request body from a file; `-` is stdin' -r -F
complete -c herald -n "__fish_herald_using_subcommand update" -l allow-path -d 'Let files that the payload names lie in this folder, too, and links lead there; repeatable' -r -F
complete -c herald -n "__fish_herald_using_subcommand update" -l concurrency -d 'The most requests that may be in flight at a time [default: 16]' -r
complete -c herald -n "__fish_herald_using_subcommand update" -l results -d 'Write the outcome of each target into this file, a JSON object a line; a target without a request yet is `planned`' -r -F
complete -c herald -n "__fish_herald_using_subcommand update" -l abort-above -d 'Halt when more than this share of the targets failed: 1% or 0.01 [default: 1% with --canary, else none]' -r
complete -c herald -n "__fish_herald_using_subcommand update" -l dry-run -d 'Print the request instead of sending it; opens no socket. `=server` asks the vendor\'s own check' -r -f -a "local\t'Inside herald'
server\t'At the vendor\'s own check, which delivers nothing'"
complete -c herald -n "__fish_herald_using_subcommand update" -l nonce -d 'Fix the nonce of a printed signature' -r
complete -c herald -n "__fish_herald_using_subcommand update" -l timestamp -d 'Fix the timestamp of a printed signature' -r
complete -c herald -n "__fish_herald_using_subcommand update" -l deadline -d 'Give up after this time in all: 500ms, 1.5s, 2m, 1h, 1d [default: 30s; a list has no end, and 30s a request]' -r
complete -c herald -n "__fish_herald_using_subcommand update" -l cacert -d 'Trust the certificates in this PEM file instead of the ones compiled in' -r -F
complete -c herald -n "__fish_herald_using_subcommand update" -l ledger -d 'Keep the ledger in this file [default: ledger.db in herald\'s folder for state]' -r -F
complete -c herald -n "__fish_herald_using_subcommand update" -l confirm -d 'Confirm a send to everybody, a tag, a package or more than max_targets, by the profile\'s name' -r
complete -c herald -n "__fish_herald_using_subcommand update" -l allow -d 'Waive one lint rule by its code, the part of a finding in brackets; repeatable' -r
complete -c herald -n "__fish_herald_using_subcommand update" -l override -d 'Pass one guard by its name, where it allows that; repeatable, recorded in the ledger' -r
complete -c herald -n "__fish_herald_using_subcommand update" -l profile -d 'Use this profile' -r
complete -c herald -n "__fish_herald_using_subcommand update" -l profiles -d 'Read profiles from this file' -r -F
complete -c herald -n "__fish_herald_using_subcommand update" -l provider -d 'Use this provider, where no profile says which' -r
complete -c herald -n "__fish_herald_using_subcommand update" -l color -d 'Colour what is written [default: auto]' -r -f -a "auto\t'Where a terminal shows it'
always\t'Everywhere'
never\t'Nowhere'"
complete -c herald -n "__fish_herald_using_subcommand update" -l output -d 'Write results in this format [default: table]' -r -f -a "table\t'Tables and sentences'
json\t'One JSON document'
ndjson\t'One JSON document a line'"
complete -c herald -n "__fish_herald_using_subcommand update" -l last -d 'Mean what was sent last, with this profile where one is named'
complete -c herald -n "__fish_herald_using_subcommand update" -l allow-empty -d 'Send a text or a title that shows nothing, as a silent push has it'
complete -c herald -n "__fish_herald_using_subcommand update" -l curl -d 'Print the request as a curl command instead of sending it'
complete -c herald -n "__fish_herald_using_subcommand update" -l show-secrets -d 'Show secrets and signatures in what --dry-run and --curl print'
complete -c herald -n "__fish_herald_using_subcommand update" -l yes -d 'Answer yes where more targets than the profile\'s confirm_above (default 100) raise a question'
complete -c herald -n "__fish_herald_using_subcommand update" -l sandbox -d 'Run against the mock server inside herald: no credentials, no network'
complete -c herald -n "__fish_herald_using_subcommand update" -s v -l verbose -d 'Tell each phase on stderr, without secrets'
complete -c herald -n "__fish_herald_using_subcommand update" -s q -l quiet -d 'Keep remarks back; errors and results stay'
complete -c herald -n "__fish_herald_using_subcommand update" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c herald -n "__fish_herald_using_subcommand delete" -l to -d 'Name the user, group or room that it is about, where the ledger does not know' -r
complete -c herald -n "__fish_herald_using_subcommand delete" -l from -d 'Name who acts, where the ledger does not know' -r
complete -c herald -n "__fish_herald_using_subcommand delete" -l set -d 'Set a field of the contract: PATH=TEXT or PATH:=JSON; repeatable' -r
complete -c herald -n "__fish_herald_using_subcommand delete" -l dry-run -d 'Print the request instead of sending it; opens no socket. `=server` asks the vendor\'s own check' -r -f -a "local\t'Inside herald'
server\t'At the vendor\'s own check, which delivers nothing'"
complete -c herald -n "__fish_herald_using_subcommand delete" -l nonce -d 'Fix the nonce of a printed signature' -r
complete -c herald -n "__fish_herald_using_subcommand delete" -l timestamp -d 'Fix the timestamp of a printed signature' -r
complete -c herald -n "__fish_herald_using_subcommand delete" -l deadline -d 'Give up after this time in all: 500ms, 1.5s, 2m, 1h, 1d [default: 30s; a list has no end, and 30s a request]' -r
complete -c herald -n "__fish_herald_using_subcommand delete" -l cacert -d 'Trust the certificates in this PEM file instead of the ones compiled in' -r -F
complete -c herald -n "__fish_herald_using_subcommand delete" -l ledger -d 'Keep the ledger in this file [default: ledger.db in herald\'s folder for state]' -r -F
complete -c herald -n "__fish_herald_using_subcommand delete" -l confirm -d 'Confirm a send to everybody, a tag, a package or more than max_targets, by the profile\'s name' -r
complete -c herald -n "__fish_herald_using_subcommand delete" -l allow -d 'Waive one lint rule by its code, the part of a finding in brackets; repeatable' -r
complete -c herald -n "__fish_herald_using_subcommand delete" -l override -d 'Pass one guard by its name, where it allows that; repeatable, recorded in the ledger' -r
complete -c herald -n "__fish_herald_using_subcommand delete" -l resume -d 'Go on with what is left of such a command that was halted, by the id or the name of its job' -r
complete -c herald -n "__fish_herald_using_subcommand delete" -l concurrency -d 'The most requests that may be in flight at a time [default: 16]' -r
complete -c herald -n "__fish_herald_using_subcommand delete" -l results -d 'Write the outcome of each target into this file, a JSON object a line; a target without a request yet is `planned`' -r -F
complete -c herald -n "__fish_herald_using_subcommand delete" -l abort-above -d 'Halt when more than this share of the targets failed: 1% or 0.01 [default: 1% with --canary, else none]' -r
complete -c herald -n "__fish_herald_using_subcommand delete" -l profile -d 'Use this profile' -r
complete -c herald -n "__fish_herald_using_subcommand delete" -l profiles -d 'Read profiles from this file' -r -F
complete -c herald -n "__fish_herald_using_subcommand delete" -l provider -d 'Use this provider, where no profile says which' -r
complete -c herald -n "__fish_herald_using_subcommand delete" -l color -d 'Colour what is written [default: auto]' -r -f -a "auto\t'Where a terminal shows it'
always\t'Everywhere'
never\t'Nowhere'"
complete -c herald -n "__fish_herald_using_subcommand delete" -l output -d 'Write results in this format [default: table]' -r -f -a "table\t'Tables and sentences'
json\t'One JSON document'
ndjson\t'One JSON document a line'"
complete -c herald -n "__fish_herald_using_subcommand delete" -l last -d 'Mean what was sent last, with this profile where one is named'
complete -c herald -n "__fish_herald_using_subcommand delete" -l curl -d 'Print the request as a curl command instead of sending it'
complete -c herald -n "__fish_herald_using_subcommand delete" -l show-secrets -d 'Show secrets and signatures in what --dry-run and --curl print'
complete -c herald -n "__fish_herald_using_subcommand delete" -l yes -d 'Answer yes where more targets than the profile\'s confirm_above (default 100) raise a question'
complete -c herald -n "__fish_herald_using_subcommand delete" -l sandbox -d 'Run against the mock server inside herald: no credentials, no network'
complete -c herald -n "__fish_herald_using_subcommand delete" -s v -l verbose -d 'Tell each phase on stderr, without secrets'
complete -c herald -n "__fish_herald_using_subcommand delete" -s q -l quiet -d 'Keep remarks back; errors and results stay'
complete -c herald -n "__fish_herald_using_subcommand delete" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c herald -n "__fish_herald_using_subcommand clear" -l to -d 'Name the user, group or room that it is about, where the ledger does not know' -r
complete -c herald -n "__fish_herald_using_subcommand clear" -l from -d 'Name who acts, where the ledger does not know' -r
complete -c herald -n "__fish_herald_using_subcommand clear" -l set -d 'Set a field of the contract: PATH=TEXT or PATH:=JSON; repeatable' -r
complete -c herald -n "__fish_herald_using_subcommand clear" -l dry-run -d 'Print the request instead of sending it; opens no socket. `=server` asks the vendor\'s own check' -r -f -a "local\t'Inside herald'
server\t'At the vendor\'s own check, which delivers nothing'"
complete -c herald -n "__fish_herald_using_subcommand clear" -l nonce -d 'Fix the nonce of a printed signature' -r
complete -c herald -n "__fish_herald_using_subcommand clear" -l timestamp -d 'Fix the timestamp of a printed signature' -r
complete -c herald -n "__fish_herald_using_subcommand clear" -l deadline -d 'Give up after this time in all: 500ms, 1.5s, 2m, 1h, 1d [default: 30s; a list has no end, and 30s a request]' -r
complete -c herald -n "__fish_herald_using_subcommand clear" -l cacert -d 'Trust the certificates in this PEM file instead of the ones compiled in' -r -F
complete -c herald -n "__fish_herald_using_subcommand clear" -l ledger -d 'Keep the ledger in this file [default: ledger.db in herald\'s folder for state]' -r -F
complete -c herald -n "__fish_herald_using_subcommand clear" -l confirm -d 'Confirm a send to everybody, a tag, a package or more than max_targets, by the profile\'s name' -r
complete -c herald -n "__fish_herald_using_subcommand clear" -l allow -d 'Waive one lint rule by its code, the part of a finding in brackets; repeatable' -r
complete -c herald -n "__fish_herald_using_subcommand clear" -l override -d 'Pass one guard by its name, where it allows that; repeatable, recorded in the ledger' -r
complete -c herald -n "__fish_herald_using_subcommand clear" -l resume -d 'Go on with what is left of such a command that was halted, by the id or the name of its job' -r
complete -c herald -n "__fish_herald_using_subcommand clear" -l concurrency -d 'The most requests that may be in flight at a time [default: 16]' -r
complete -c herald -n "__fish_herald_using_subcommand clear" -l results -d 'Write the outcome of each target into this file, a JSON object a line; a target without a request yet is `planned`' -r -F
complete -c herald -n "__fish_herald_using_subcommand clear" -l abort-above -d 'Halt when more than this share of the targets failed: 1% or 0.01 [default: 1% with --canary, else none]' -r
complete -c herald -n "__fish_herald_using_subcommand clear" -l profile -d 'Use this profile' -r
complete -c herald -n "__fish_herald_using_subcommand clear" -l profiles -d 'Read profiles from this file' -r -F
complete -c herald -n "__fish_herald_using_subcommand clear" -l provider -d 'Use this provider, where no profile says which' -r
complete -c herald -n "__fish_herald_using_subcommand clear" -l color -d 'Colour what is written [default: auto]' -r -f -a "auto\t'Where a terminal shows it'
always\t'Everywhere'
never\t'Nowhere'"
complete -c herald -n "__fish_herald_using_subcommand clear" -l output -d 'Write results in this format [default: table]' -r -f -a "table\t'Tables and sentences'
json\t'One JSON document'
ndjson\t'One JSON document a line'"
complete -c herald -n "__fish_herald_using_subcommand clear" -l last -d 'Mean what was sent last, with this profile where one is named'
complete -c herald -n "__fish_herald_using_subcommand clear" -l curl -d 'Print the request as a curl command instead of sending it'
complete -c herald -n "__fish_herald_using_subcommand clear" -l show-secrets -d 'Show secrets and signatures in what --dry-run and --curl print'
complete -c herald -n "__fish_herald_using_subcommand clear" -l yes -d 'Answer yes where more targets than the profile\'s confirm_above (default 100) raise a question'
complete -c herald -n "__fish_herald_using_subcommand clear" -l sandbox -d 'Run against the mock server inside herald: no credentials, no network'
complete -c herald -n "__fish_herald_using_subcommand clear" -s v -l verbose -d 'Tell each phase on stderr, without secrets'
complete -c herald -n "__fish_herald_using_subcommand clear" -s q -l quiet -d 'Keep remarks back; errors and results stay'
complete -c herald -n "__fish_herald_using_subcommand clear" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c herald -n "__fish_herald_using_subcommand get" -l to -d 'Name the user, group or room that it is about, where the ledger does not know' -r
complete -c herald -n "__fish_herald_using_subcommand get" -l from -d 'Name who acts, where the ledger does not know' -r
complete -c herald -n "__fish_herald_using_subcommand get" -l set -d 'Set a field of the contract: PATH=TEXT or PATH:=JSON; repeatable' -r
complete -c herald -n "__fish_herald_using_subcommand get" -l dry-run -d 'Print the request instead of sending it; opens no socket. `=server` asks the vendor\'s own check' -r -f -a "local\t'Inside herald'
server\t'At the vendor\'s own check, which delivers nothing'"
complete -c herald -n "__fish_herald_using_subcommand get" -l nonce -d 'Fix the nonce of a printed signature' -r
complete -c herald -n "__fish_herald_using_subcommand get" -l timestamp -d 'Fix the timestamp of a printed signature' -r
complete -c herald -n "__fish_herald_using_subcommand get" -l deadline -d 'Give up after this time in all: 500ms, 1.5s, 2m, 1h, 1d [default: 30s; a list has no end, and 30s a request]' -r
complete -c herald -n "__fish_herald_using_subcommand get" -l cacert -d 'Trust the certificates in this PEM file instead of the ones compiled in' -r -F
complete -c herald -n "__fish_herald_using_subcommand get" -l ledger -d 'Keep the ledger in this file [default: ledger.db in herald\'s folder for state]' -r -F
complete -c herald -n "__fish_herald_using_subcommand get" -l confirm -d 'Confirm a send to everybody, a tag, a package or more than max_targets, by the profile\'s name' -r
complete -c herald -n "__fish_herald_using_subcommand get" -l allow -d 'Waive one lint rule by its code, the part of a finding in brackets; repeatable' -r
complete -c herald -n "__fish_herald_using_subcommand get" -l override -d 'Pass one guard by its name, where it allows that; repeatable, recorded in the ledger' -r
complete -c herald -n "__fish_herald_using_subcommand get" -l profile -d 'Use this profile' -r
complete -c herald -n "__fish_herald_using_subcommand get" -l profiles -d 'Read profiles from this file' -r -F
complete -c herald -n "__fish_herald_using_subcommand get" -l provider -d 'Use this provider, where no profile says which' -r
complete -c herald -n "__fish_herald_using_subcommand get" -l color -d 'Colour what is written [default: auto]' -r -f -a "auto\t'Where a terminal shows it'
always\t'Everywhere'
never\t'Nowhere'"
complete -c herald -n "__fish_herald_using_subcommand get" -l output -d 'Write results in this format [default: table]' -r -f -a "table\t'Tables and sentences'
json\t'One JSON document'
ndjson\t'One JSON document a line'"
complete -c herald -n "__fish_herald_using_subcommand get" -l last -d 'Mean what was sent last, with this profile where one is named'
complete -c herald -n "__fish_herald_using_subcommand get" -l curl -d 'Print the request as a curl command instead of sending it'
complete -c herald -n "__fish_herald_using_subcommand get" -l show-secrets -d 'Show secrets and signatures in what --dry-run and --curl print'
complete -c herald -n "__fish_herald_using_subcommand get" -l yes -d 'Answer yes where more targets than the profile\'s confirm_above (default 100) raise a question'
complete -c herald -n "__fish_herald_using_subcommand get" -l sandbox -d 'Run against the mock server inside herald: no credentials, no network'
complete -c herald -n "__fish_herald_using_subcommand get" -s v -l verbose -d 'Tell each phase on stderr, without secrets'
complete -c herald -n "__fish_herald_using_subcommand get" -s q -l quiet -d 'Keep remarks back; errors and results stay'
complete -c herald -n "__fish_herald_using_subcommand get" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c herald -n "__fish_herald_using_subcommand status" -l to -d 'Name the user, group or room that it is about, where the ledger does not know' -r
complete -c herald -n "__fish_herald_using_subcommand status" -l from -d 'Name who acts, where the ledger does not know' -r
complete -c herald -n "__fish_herald_using_subcommand status" -l set -d 'Set a field of the contract: PATH=TEXT or PATH:=JSON; repeatable' -r
complete -c herald -n "__fish_herald_using_subcommand status" -l dry-run -d 'Print the request instead of sending it; opens no socket. `=server` asks the vendor\'s own check' -r -f -a "local\t'Inside herald'
server\t'At the vendor\'s own check, which delivers nothing'"
complete -c herald -n "__fish_herald_using_subcommand status" -l nonce -d 'Fix the nonce of a printed signature' -r
complete -c herald -n "__fish_herald_using_subcommand status" -l timestamp -d 'Fix the timestamp of a printed signature' -r
complete -c herald -n "__fish_herald_using_subcommand status" -l deadline -d 'Give up after this time in all: 500ms, 1.5s, 2m, 1h, 1d [default: 30s; a list has no end, and 30s a request]' -r
complete -c herald -n "__fish_herald_using_subcommand status" -l cacert -d 'Trust the certificates in this PEM file instead of the ones compiled in' -r -F
complete -c herald -n "__fish_herald_using_subcommand status" -l ledger -d 'Keep the ledger in this file [default: ledger.db in herald\'s folder for state]' -r -F
complete -c herald -n "__fish_herald_using_subcommand status" -l confirm -d 'Confirm a send to everybody, a tag, a package or more than max_targets, by the profile\'s name' -r
complete -c herald -n "__fish_herald_using_subcommand status" -l allow -d 'Waive one lint rule by its code, the part of a finding in brackets; repeatable' -r
complete -c herald -n "__fish_herald_using_subcommand status" -l override -d 'Pass one guard by its name, where it allows that; repeatable, recorded in the ledger' -r
complete -c herald -n "__fish_herald_using_subcommand status" -l profile -d 'Use this profile' -r
complete -c herald -n "__fish_herald_using_subcommand status" -l profiles -d 'Read profiles from this file' -r -F
complete -c herald -n "__fish_herald_using_subcommand status" -l provider -d 'Use this provider, where no profile says which' -r
complete -c herald -n "__fish_herald_using_subcommand status" -l color -d 'Colour what is written [default: auto]' -r -f -a "auto\t'Where a terminal shows it'
always\t'Everywhere'
never\t'Nowhere'"
complete -c herald -n "__fish_herald_using_subcommand status" -l output -d 'Write results in this format [default: table]' -r -f -a "table\t'Tables and sentences'
json\t'One JSON document'
ndjson\t'One JSON document a line'"
complete -c herald -n "__fish_herald_using_subcommand status" -l last -d 'Mean what was sent last, with this profile where one is named'
complete -c herald -n "__fish_herald_using_subcommand status" -l curl -d 'Print the request as a curl command instead of sending it'
complete -c herald -n "__fish_herald_using_subcommand status" -l show-secrets -d 'Show secrets and signatures in what --dry-run and --curl print'
complete -c herald -n "__fish_herald_using_subcommand status" -l yes -d 'Answer yes where more targets than the profile\'s confirm_above (default 100) raise a question'
complete -c herald -n "__fish_herald_using_subcommand status" -l sandbox -d 'Run against the mock server inside herald: no credentials, no network'
complete -c herald -n "__fish_herald_using_subcommand status" -s v -l verbose -d 'Tell each phase on stderr, without secrets'
complete -c herald -n "__fish_herald_using_subcommand status" -s q -l quiet -d 'Keep remarks back; errors and results stay'
complete -c herald -n "__fish_herald_using_subcommand status" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c herald -n "__fish_herald_using_subcommand call" -l set -d 'Set a field of the contract: PATH=TEXT, typed by the contract, or PATH:=JSON; repeatable' -r
complete -c herald -n "__fish_herald_using_subcommand call" -l body -d 'Take the whole request body from a file; `-` is stdin' -r -F
complete -c herald -n "__fish_herald_using_subcommand call" -l allow-path -d 'Let files that the payload names lie in this folder, too, and links lead there; repeatable' -r -F
complete -c herald -n "__fish_herald_using_subcommand call" -l dry-run -d 'Print the request instead of sending it; opens no socket. `=server` asks the vendor\'s own check' -r -f -a "local\t'Inside herald'
server\t'At the vendor\'s own check, which delivers nothing'"
complete -c herald -n "__fish_herald_using_subcommand call" -l nonce -d 'Fix the nonce of a printed signature' -r
complete -c herald -n "__fish_herald_using_subcommand call" -l timestamp -d 'Fix the timestamp of a printed signature' -r
complete -c herald -n "__fish_herald_using_subcommand call" -l deadline -d 'Give up after this time in all: 500ms, 1.5s, 2m, 1h, 1d [default: 30s; a list has no end, and 30s a request]' -r
complete -c herald -n "__fish_herald_using_subcommand call" -l cacert -d 'Trust the certificates in this PEM file instead of the ones compiled in' -r -F
complete -c herald -n "__fish_herald_using_subcommand call" -l ledger -d 'Keep the ledger in this file [default: ledger.db in herald\'s folder for state]' -r -F
complete -c herald -n "__fish_herald_using_subcommand call" -l confirm -d 'Confirm a send to everybody, a tag, a package or more than max_targets, by the profile\'s name' -r
complete -c herald -n "__fish_herald_using_subcommand call" -l allow -d 'Waive one lint rule by its code, the part of a finding in brackets; repeatable' -r
complete -c herald -n "__fish_herald_using_subcommand call" -l override -d 'Pass one guard by its name, where it allows that; repeatable, recorded in the ledger' -r
complete -c herald -n "__fish_herald_using_subcommand call" -l profile -d 'Use this profile' -r
complete -c herald -n "__fish_herald_using_subcommand call" -l profiles -d 'Read profiles from this file' -r -F
complete -c herald -n "__fish_herald_using_subcommand call" -l provider -d 'Use this provider, where no profile says which' -r
complete -c herald -n "__fish_herald_using_subcommand call" -l color -d 'Colour what is written [default: auto]' -r -f -a "auto\t'Where a terminal shows it'
always\t'Everywhere'
never\t'Nowhere'"
complete -c herald -n "__fish_herald_using_subcommand call" -l output -d 'Write results in this format [default: table]' -r -f -a "table\t'Tables and sentences'
json\t'One JSON document'
ndjson\t'One JSON document a line'"
complete -c herald -n "__fish_herald_using_subcommand call" -l curl -d 'Print the request as a curl command instead of sending it'
complete -c herald -n "__fish_herald_using_subcommand call" -l show-secrets -d 'Show secrets and signatures in what --dry-run and --curl print'
complete -c herald -n "__fish_herald_using_subcommand call" -l yes -d 'Answer yes where more targets than the profile\'s confirm_above (default 100) raise a question'
complete -c herald -n "__fish_herald_using_subcommand call" -l sandbox -d 'Run against the mock server inside herald: no credentials, no network'
complete -c herald -n "__fish_herald_using_subcommand call" -s v -l verbose -d 'Tell each phase on stderr, without secrets'
complete -c herald -n "__fish_herald_using_subcommand call" -s q -l quiet -d 'Keep remarks back; errors and results stay'
complete -c herald -n "__fish_herald_using_subcommand call" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c herald -n "__fish_herald_using_subcommand upload" -l as -d 'Say what they are, where the ending of their names does not' -r -f -a "image\t'A picture'
voice\t'A recording'
video\t'A video'
file\t'Any file'"
complete -c herald -n "__fish_herald_using_subcommand upload" -l set -d 'Set a field of the upload: PATH=TEXT or PATH:=JSON; repeatable' -r
complete -c herald -n "__fish_herald_using_subcommand upload" -l dry-run -d 'Print the request instead of sending it; opens no socket. `=server` asks the vendor\'s own check' -r -f -a "local\t'Inside herald'
server\t'At the vendor\'s own check, which delivers nothing'"
complete -c herald -n "__fish_herald_using_subcommand upload" -l nonce -d 'Fix the nonce of a printed signature' -r
complete -c herald -n "__fish_herald_using_subcommand upload" -l timestamp -d 'Fix the timestamp of a printed signature' -r
complete -c herald -n "__fish_herald_using_subcommand upload" -l deadline -d 'Give up after this time in all: 500ms, 1.5s, 2m, 1h, 1d [default: 30s; a list has no end, and 30s a request]' -r
complete -c herald -n "__fish_herald_using_subcommand upload" -l cacert -d 'Trust the certificates in this PEM file instead of the ones compiled in' -r -F
complete -c herald -n "__fish_herald_using_subcommand upload" -l ledger -d 'Keep the ledger in this file [default: ledger.db in herald\'s folder for state]' -r -F
complete -c herald -n "__fish_herald_using_subcommand upload" -l confirm -d 'Confirm a send to everybody, a tag, a package or more than max_targets, by the profile\'s name' -r
complete -c herald -n "__fish_herald_using_subcommand upload" -l allow -d 'Waive one lint rule by its code, the part of a finding in brackets; repeatable' -r
complete -c herald -n "__fish_herald_using_subcommand upload" -l override -d 'Pass one guard by its name, where it allows that; repeatable, recorded in the ledger' -r
complete -c herald -n "__fish_herald_using_subcommand upload" -l profile -d 'Use this profile' -r
complete -c herald -n "__fish_herald_using_subcommand upload" -l profiles -d 'Read profiles from this file' -r -F
complete -c herald -n "__fish_herald_using_subcommand upload" -l provider -d 'Use this provider, where no profile says which' -r
complete -c herald -n "__fish_herald_using_subcommand upload" -l color -d 'Colour what is written [default: auto]' -r -f -a "auto\t'Where a terminal shows it'
always\t'Everywhere'
never\t'Nowhere'"
complete -c herald -n "__fish_herald_using_subcommand upload" -l output -d 'Write results in this format [default: table]' -r -f -a "table\t'Tables and sentences'
json\t'One JSON document'
ndjson\t'One JSON document a line'"
complete -c herald -n "__fish_herald_using_subcommand upload" -l curl -d 'Print the request as a curl command instead of sending it'
complete -c herald -n "__fish_herald_using_subcommand upload" -l show-secrets -d 'Show secrets and signatures in what --dry-run and --curl print'
complete -c herald -n "__fish_herald_using_subcommand upload" -l yes -d 'Answer yes where more targets than the profile\'s confirm_above (default 100) raise a question'
complete -c herald -n "__fish_herald_using_subcommand upload" -l sandbox -d 'Run against the mock server inside herald: no credentials, no network'
complete -c herald -n "__fish_herald_using_subcommand upload" -s v -l verbose -d 'Tell each phase on stderr, without secrets'
complete -c herald -n "__fish_herald_using_subcommand upload" -s q -l quiet -d 'Keep remarks back; errors and results stay'
complete -c herald -n "__fish_herald_using_subcommand upload" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c herald -n "__fish_herald_using_subcommand validate" -l as -d 'Say what the payloads are: PROVIDER/OPERATION, PROVIDER, or GLOB= and one of them; repeatable' -r
complete -c herald -n "__fish_herald_using_subcommand validate" -l exclude -d 'Leave out files that match, where a folder is walked; repeatable' -r
complete -c herald -n "__fish_herald_using_subcommand validate" -l allow -d 'Waive a rule by its code, as jpush-v2/V2-13; repeatable' -r
complete -c herald -n "__fish_herald_using_subcommand validate" -l report -d 'Write a report to a file beside the normal output; repeatable' -r -a "human= json= ndjson= sarif= junit= github= gitlab="
complete -c herald -n "__fish_herald_using_subcommand validate" -l max-findings -d 'Show no more findings than this in each output; the others are counted' -r
complete -c herald -n "__fish_herald_using_subcommand validate" -l allow-path -d 'Follow links that are named here into this folder, too; repeatable' -r -F
complete -c herald -n "__fish_herald_using_subcommand validate" -l profile -d 'Use this profile' -r
complete -c herald -n "__fish_herald_using_subcommand validate" -l profiles -d 'Read profiles from this file' -r -F
complete -c herald -n "__fish_herald_using_subcommand validate" -l provider -d 'Use this provider, where no profile says which' -r
complete -c herald -n "__fish_herald_using_subcommand validate" -l output -d 'Write results in this format [default: table]' -r -f -a "table\t'Tables and sentences'
json\t'One JSON document'
ndjson\t'One JSON document a line'
sarif\t'SARIF 2.1.0'
junit\t'JUnit XML'
github\t'GitHub workflow commands'
gitlab\t'GitLab Code Quality'"
complete -c herald -n "__fish_herald_using_subcommand validate" -l color -d 'Colour what is written [default: auto]' -r -f -a "auto\t'Where a terminal shows it'
always\t'Everywhere'
never\t'Nowhere'"
complete -c herald -n "__fish_herald_using_subcommand validate" -s v -l verbose -d 'Tell each phase on stderr, without secrets'
complete -c herald -n "__fish_herald_using_subcommand validate" -s q -l quiet -d 'Keep remarks back; errors and results stay'
complete -c herald -n "__fish_herald_using_subcommand validate" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c herald -n "__fish_herald_using_subcommand sign" -l body -d 'Take the request body from a file; `-` is stdin' -r -F
complete -c herald -n "__fish_herald_using_subcommand sign" -l allow-path -d 'Let files that the payload names lie in this folder, too, and a link that --body names lead there; repeatable' -r -F
complete -c herald -n "__fish_herald_using_subcommand sign" -l set -d 'Set a field: PATH=TEXT or PATH:=JSON; repeatable' -r
complete -c herald -n "__fish_herald_using_subcommand sign" -l verify -d 'Check this signature instead of printing one: exit code 0 if it is right, 1 if not' -r
complete -c herald -n "__fish_herald_using_subcommand sign" -l nonce -d 'Use this nonce instead of a random one' -r
complete -c herald -n "__fish_herald_using_subcommand sign" -l timestamp -d 'Use this timestamp, as the vendor writes it, instead of the time of the call' -r
complete -c herald -n "__fish_herald_using_subcommand sign" -l profile -d 'Use this profile' -r
complete -c herald -n "__fish_herald_using_subcommand sign" -l profiles -d 'Read profiles from this file' -r -F
complete -c herald -n "__fish_herald_using_subcommand sign" -l provider -d 'Use this provider, where no profile says which' -r
complete -c herald -n "__fish_herald_using_subcommand sign" -l color -d 'Colour what is written [default: auto]' -r -f -a "auto\t'Where a terminal shows it'
always\t'Everywhere'
never\t'Nowhere'"
complete -c herald -n "__fish_herald_using_subcommand sign" -l output -d 'Write results in this format [default: table]' -r -f -a "table\t'Tables and sentences'
json\t'One JSON document'
ndjson\t'One JSON document a line'"
complete -c herald -n "__fish_herald_using_subcommand sign" -l explain -d 'Show each piece that is hashed'
complete -c herald -n "__fish_herald_using_subcommand sign" -l show-secrets -d 'Show the secret among the pieces of --explain'
complete -c herald -n "__fish_herald_using_subcommand sign" -s v -l verbose -d 'Tell each phase on stderr, without secrets'
complete -c herald -n "__fish_herald_using_subcommand sign" -s q -l quiet -d 'Keep remarks back; errors and results stay'
complete -c herald -n "__fish_herald_using_subcommand sign" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c herald -n "__fish_herald_using_subcommand profile; and not __fish_seen_subcommand_from init list show check help" -l profile -d 'Use this profile' -r
complete -c herald -n "__fish_herald_using_subcommand profile; and not __fish_seen_subcommand_from init list show check help" -l profiles -d 'Read profiles from this file' -r -F
complete -c herald -n "__fish_herald_using_subcommand profile; and not __fish_seen_subcommand_from init list show check help" -l provider -d 'Use this provider, where no profile says which' -r
complete -c herald -n "__fish_herald_using_subcommand profile; and not __fish_seen_subcommand_from init list show check help" -l color -d 'Colour what is written [default: auto]' -r -f -a "auto\t'Where a terminal shows it'
always\t'Everywhere'
never\t'Nowhere'"
complete -c herald -n "__fish_herald_using_subcommand profile; and not __fish_seen_subcommand_from init list show check help" -l output -d 'Write results in this format [default: table]' -r -f -a "table\t'Tables and sentences'
json\t'One JSON document'
ndjson\t'One JSON document a line'"
complete -c herald -n "__fish_herald_using_subcommand profile; and not __fish_seen_subcommand_from init list show check help" -s v -l verbose -d 'Tell each phase on stderr, without secrets'
complete -c herald -n "__fish_herald_using_subcommand profile; and not __fish_seen_subcommand_from init list show check help" -s q -l quiet -d 'Keep remarks back; errors and results stay'
complete -c herald -n "__fish_herald_using_subcommand profile; and not __fish_seen_subcommand_from init list show check help" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c herald -n "__fish_herald_using_subcommand profile; and not __fish_seen_subcommand_from init list show check help" -f -a "init" -d 'Ask for what a profile needs and add it to the profile file'
complete -c herald -n "__fish_herald_using_subcommand profile; and not __fish_seen_subcommand_from init list show check help" -f -a "list" -d 'List the profiles'
complete -c herald -n "__fish_herald_using_subcommand profile; and not __fish_seen_subcommand_from init list show check help" -f -a "show" -d 'Show a profile without its secrets, and where each value comes from'
complete -c herald -n "__fish_herald_using_subcommand profile; and not __fish_seen_subcommand_from init list show check help" -f -a "check" -d 'Check that profiles can be used'
complete -c herald -n "__fish_herald_using_subcommand profile; and not __fish_seen_subcommand_from init list show check help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c herald -n "__fish_herald_using_subcommand profile; and __fish_seen_subcommand_from init" -l set -d 'Give a key of the profile a value that is no secret, and ask nothing; repeatable' -r
complete -c herald -n "__fish_herald_using_subcommand profile; and __fish_seen_subcommand_from init" -l secret-env -d 'Name the environment variable that a key\'s value comes from, and ask nothing; repeatable' -r
complete -c herald -n "__fish_herald_using_subcommand profile; and __fish_seen_subcommand_from init" -l profile -d 'Use this profile' -r
complete -c herald -n "__fish_herald_using_subcommand profile; and __fish_seen_subcommand_from init" -l profiles -d 'Read profiles from this file' -r -F
complete -c herald -n "__fish_herald_using_subcommand profile; and __fish_seen_subcommand_from init" -l provider -d 'Use this provider, where no profile says which' -r
complete -c herald -n "__fish_herald_using_subcommand profile; and __fish_seen_subcommand_from init" -l color -d 'Colour what is written [default: auto]' -r -f -a "auto\t'Where a terminal shows it'
always\t'Everywhere'
never\t'Nowhere'"
complete -c herald -n "__fish_herald_using_subcommand profile; and __fish_seen_subcommand_from init" -l output -d 'Write results in this format [default: table]' -r -f -a "table\t'Tables and sentences'
json\t'One JSON document'
ndjson\t'One JSON document a line'"
complete -c herald -n "__fish_herald_using_subcommand profile; and __fish_seen_subcommand_from init" -s v -l verbose -d 'Tell each phase on stderr, without secrets'
complete -c herald -n "__fish_herald_using_subcommand profile; and __fish_seen_subcommand_from init" -s q -l quiet -d 'Keep remarks back; errors and results stay'
complete -c herald -n "__fish_herald_using_subcommand profile; and __fish_seen_subcommand_from init" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c herald -n "__fish_herald_using_subcommand profile; and __fish_seen_subcommand_from list" -l profile -d 'Use this profile' -r
complete -c herald -n "__fish_herald_using_subcommand profile; and __fish_seen_subcommand_from list" -l profiles -d 'Read profiles from this file' -r -F
complete -c herald -n "__fish_herald_using_subcommand profile; and __fish_seen_subcommand_from list" -l provider -d 'Use this provider, where no profile says which' -r
complete -c herald -n "__fish_herald_using_subcommand profile; and __fish_seen_subcommand_from list" -l color -d 'Colour what is written [default: auto]' -r -f -a "auto\t'Where a terminal shows it'
always\t'Everywhere'
never\t'Nowhere'"
complete -c herald -n "__fish_herald_using_subcommand profile; and __fish_seen_subcommand_from list" -l output -d 'Write results in this format [default: table]' -r -f -a "table\t'Tables and sentences'
json\t'One JSON document'
ndjson\t'One JSON document a line'"
complete -c herald -n "__fish_herald_using_subcommand profile; and __fish_seen_subcommand_from list" -s v -l verbose -d 'Tell each phase on stderr, without secrets'
complete -c herald -n "__fish_herald_using_subcommand profile; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Keep remarks back; errors and results stay'
complete -c herald -n "__fish_herald_using_subcommand profile; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c herald -n "__fish_herald_using_subcommand profile; and __fish_seen_subcommand_from show" -l profile -d 'Use this profile' -r
complete -c herald -n "__fish_herald_using_subcommand profile; and __fish_seen_subcommand_from show" -l profiles -d 'Read profiles from this file' -r -F
complete -c herald -n "__fish_herald_using_subcommand profile; and __fish_seen_subcommand_from show" -l provider -d 'Use this provider, where no profile says which' -r
complete -c herald -n "__fish_herald_using_subcommand profile; and __fish_seen_subcommand_from show" -l color -d 'Colour what is written [default: auto]' -r -f -a "auto\t'Where a terminal shows it'
always\t'Everywhere'
never\t'Nowhere'"
complete -c herald -n "__fish_herald_using_subcommand profile; and __fish_seen_subcommand_from show" -l output -d 'Write results in this format [default: table]' -r -f -a "table\t'Tables and sentences'
json\t'One JSON document'
ndjson\t'One JSON document a line'"
complete -c herald -n "__fish_herald_using_subcommand profile; and __fish_seen_subcommand_from show" -s v -l verbose -d 'Tell each phase on stderr, without secrets'
complete -c herald -n "__fish_herald_using_subcommand profile; and __fish_seen_subcommand_from show" -s q -l quiet -d 'Keep remarks back; errors and results stay'
complete -c herald -n "__fish_herald_using_subcommand profile; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c herald -n "__fish_herald_using_subcommand profile; and __fish_seen_subcommand_from check" -l deadline -d 'Give up on the vendor\'s answer after this time: 500ms, 30s, 2m [default: 30s]' -r
complete -c herald -n "__fish_herald_using_subcommand profile; and __fish_seen_subcommand_from check" -l profile -d 'Use this profile' -r
complete -c herald -n "__fish_herald_using_subcommand profile; and __fish_seen_subcommand_from check" -l profiles -d 'Read profiles from this file' -r -F
complete -c herald -n "__fish_herald_using_subcommand profile; and __fish_seen_subcommand_from check" -l provider -d 'Use this provider, where no profile says which' -r
complete -c herald -n "__fish_herald_using_subcommand profile; and __fish_seen_subcommand_from check" -l color -d 'Colour what is written [default: auto]' -r -f -a "auto\t'Where a terminal shows it'
always\t'Everywhere'
never\t'Nowhere'"
complete -c herald -n "__fish_herald_using_subcommand profile; and __fish_seen_subcommand_from check" -l output -d 'Write results in this format [default: table]' -r -f -a "table\t'Tables and sentences'
json\t'One JSON document'
ndjson\t'One JSON document a line'"
complete -c herald -n "__fish_herald_using_subcommand profile; and __fish_seen_subcommand_from check" -l online -d 'Also ask the vendor, by a call that changes nothing'
complete -c herald -n "__fish_herald_using_subcommand profile; and __fish_seen_subcommand_from check" -s v -l verbose -d 'Tell each phase on stderr, without secrets'
complete -c herald -n "__fish_herald_using_subcommand profile; and __fish_seen_subcommand_from check" -s q -l quiet -d 'Keep remarks back; errors and results stay'
complete -c herald -n "__fish_herald_using_subcommand profile; and __fish_seen_subcommand_from check" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c herald -n "__fish_herald_using_subcommand profile; and __fish_seen_subcommand_from help" -f -a "init" -d 'Ask for what a profile needs and add it to the profile file'
complete -c herald -n "__fish_herald_using_subcommand profile; and __fish_seen_subcommand_from help" -f -a "list" -d 'List the profiles'
complete -c herald -n "__fish_herald_using_subcommand profile; and __fish_seen_subcommand_from help" -f -a "show" -d 'Show a profile without its secrets, and where each value comes from'
complete -c herald -n "__fish_herald_using_subcommand profile; and __fish_seen_subcommand_from help" -f -a "check" -d 'Check that profiles can be used'
complete -c herald -n "__fish_herald_using_subcommand profile; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c herald -n "__fish_herald_using_subcommand history; and not __fish_seen_subcommand_from list show resolve prune help" -l outcome -d 'List only what had this outcome: accepted, rejected, unavailable, unknown, partial, sending' -r
complete -c herald -n "__fish_herald_using_subcommand history; and not __fish_seen_subcommand_from list show resolve prune help" -l since -d 'List only what was sent since then: 2h, 3d, a day as 2026-05-01 in local time, or 2026-05-01T08:00:00Z' -r
complete -c herald -n "__fish_herald_using_subcommand history; and not __fish_seen_subcommand_from list show resolve prune help" -l job -d 'List only this job, by its name or id' -r
complete -c herald -n "__fish_herald_using_subcommand history; and not __fish_seen_subcommand_from list show resolve prune help" -l as -d 'List targets instead, one KIND:ID a line, as --targets takes them: of --job, else of the latest job' -r -f -a "targets\t'One target a line'"
complete -c herald -n "__fish_herald_using_subcommand history; and not __fish_seen_subcommand_from list show resolve prune help" -l to -d 'List only what went to this target, alone or in a job, with what became of it there; without a kind, of any kind' -r
complete -c herald -n "__fish_herald_using_subcommand history; and not __fish_seen_subcommand_from list show resolve prune help" -l text -d 'List only what said this, in upper or lower case' -r
complete -c herald -n "__fish_herald_using_subcommand history; and not __fish_seen_subcommand_from list show resolve prune help" -l limit -d 'The most entries to list; the targets of an entry are all listed [default: 20]' -r
complete -c herald -n "__fish_herald_using_subcommand history; and not __fish_seen_subcommand_from list show resolve prune help" -l ledger -d 'Read this ledger' -r -F
complete -c herald -n "__fish_herald_using_subcommand history; and not __fish_seen_subcommand_from list show resolve prune help" -l profile -d 'Use this profile' -r
complete -c herald -n "__fish_herald_using_subcommand history; and not __fish_seen_subcommand_from list show resolve prune help" -l profiles -d 'Read profiles from this file' -r -F
complete -c herald -n "__fish_herald_using_subcommand history; and not __fish_seen_subcommand_from list show resolve prune help" -l provider -d 'Use this provider, where no profile says which' -r
complete -c herald -n "__fish_herald_using_subcommand history; and not __fish_seen_subcommand_from list show resolve prune help" -l color -d 'Colour what is written [default: auto]' -r -f -a "auto\t'Where a terminal shows it'
always\t'Everywhere'
never\t'Nowhere'"
complete -c herald -n "__fish_herald_using_subcommand history; and not __fish_seen_subcommand_from list show resolve prune help" -l output -d 'Write results in this format [default: table]' -r -f -a "table\t'Tables and sentences'
json\t'One JSON document'
ndjson\t'One JSON document a line'"
complete -c herald -n "__fish_herald_using_subcommand history; and not __fish_seen_subcommand_from list show resolve prune help" -l failed -d 'List only what was certainly not accepted: rejected, unavailable, never sent'
complete -c herald -n "__fish_herald_using_subcommand history; and not __fish_seen_subcommand_from list show resolve prune help" -l sandbox -d 'Use the entries of the sandbox instead of the real ones'
complete -c herald -n "__fish_herald_using_subcommand history; and not __fish_seen_subcommand_from list show resolve prune help" -s v -l verbose -d 'Tell each phase on stderr, without secrets'
complete -c herald -n "__fish_herald_using_subcommand history; and not __fish_seen_subcommand_from list show resolve prune help" -s q -l quiet -d 'Keep remarks back; errors and results stay'
complete -c herald -n "__fish_herald_using_subcommand history; and not __fish_seen_subcommand_from list show resolve prune help" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c herald -n "__fish_herald_using_subcommand history; and not __fish_seen_subcommand_from list show resolve prune help" -f -a "list" -d 'List what was sent, latest first'
complete -c herald -n "__fish_herald_using_subcommand history; and not __fish_seen_subcommand_from list show resolve prune help" -f -a "show" -d 'Show all that is known of one entry or job'
complete -c herald -n "__fish_herald_using_subcommand history; and not __fish_seen_subcommand_from list show resolve prune help" -f -a "resolve" -d 'Record the outcome of an entry or job whose outcome is unknown'
complete -c herald -n "__fish_herald_using_subcommand history; and not __fish_seen_subcommand_from list show resolve prune help" -f -a "prune" -d 'Remove what is old and certain'
complete -c herald -n "__fish_herald_using_subcommand history; and not __fish_seen_subcommand_from list show resolve prune help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c herald -n "__fish_herald_using_subcommand history; and __fish_seen_subcommand_from list" -l outcome -d 'List only what had this outcome: accepted, rejected, unavailable, unknown, partial, sending' -r
complete -c herald -n "__fish_herald_using_subcommand history; and __fish_seen_subcommand_from list" -l since -d 'List only what was sent since then: 2h, 3d, a day as 2026-05-01 in local time, or 2026-05-01T08:00:00Z' -r
complete -c herald -n "__fish_herald_using_subcommand history; and __fish_seen_subcommand_from list" -l job -d 'List only this job, by its name or id' -r
complete -c herald -n "__fish_herald_using_subcommand history; and __fish_seen_subcommand_from list" -l as -d 'List targets instead, one KIND:ID a line, as --targets takes them: of --job, else of the latest job' -r -f -a "targets\t'One target a line'"
complete -c herald -n "__fish_herald_using_subcommand history; and __fish_seen_subcommand_from list" -l to -d 'List only what went to this target, alone or in a job, with what became of it there; without a kind, of any kind' -r
complete -c herald -n "__fish_herald_using_subcommand history; and __fish_seen_subcommand_from list" -l text -d 'List only what said this, in upper or lower case' -r
complete -c herald -n "__fish_herald_using_subcommand history; and __fish_seen_subcommand_from list" -l limit -d 'The most entries to list; the targets of an entry are all listed [default: 20]' -r
complete -c herald -n "__fish_herald_using_subcommand history; and __fish_seen_subcommand_from list" -l ledger -d 'Read this ledger' -r -F
complete -c herald -n "__fish_herald_using_subcommand history; and __fish_seen_subcommand_from list" -l profile -d 'Use this profile' -r
complete -c herald -n "__fish_herald_using_subcommand history; and __fish_seen_subcommand_from list" -l profiles -d 'Read profiles from this file' -r -F
complete -c herald -n "__fish_herald_using_subcommand history; and __fish_seen_subcommand_from list" -l provider -d 'Use this provider, where no profile says which' -r
complete -c herald -n "__fish_herald_using_subcommand history; and __fish_seen_subcommand_from list" -l color -d 'Colour what is written [default: auto]' -r -f -a "auto\t'Where a terminal shows it'
always\t'Everywhere'
never\t'Nowhere'"
complete -c herald -n "__fish_herald_using_subcommand history; and __fish_seen_subcommand_from list" -l output -d 'Write results in this format [default: table]' -r -f -a "table\t'Tables and sentences'
json\t'One JSON document'
ndjson\t'One JSON document a line'"
complete -c herald -n "__fish_herald_using_subcommand history; and __fish_seen_subcommand_from list" -l failed -d 'List only what was certainly not accepted: rejected, unavailable, never sent'
complete -c herald -n "__fish_herald_using_subcommand history; and __fish_seen_subcommand_from list" -l sandbox -d 'Use the entries of the sandbox instead of the real ones'
complete -c herald -n "__fish_herald_using_subcommand history; and __fish_seen_subcommand_from list" -s v -l verbose -d 'Tell each phase on stderr, without secrets'
complete -c herald -n "__fish_herald_using_subcommand history; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Keep remarks back; errors and results stay'
complete -c herald -n "__fish_herald_using_subcommand history; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c herald -n "__fish_herald_using_subcommand history; and __fish_seen_subcommand_from show" -l ledger -d 'Read this ledger' -r -F
complete -c herald -n "__fish_herald_using_subcommand history; and __fish_seen_subcommand_from show" -l profile -d 'Use this profile' -r
complete -c herald -n "__fish_herald_using_subcommand history; and __fish_seen_subcommand_from show" -l profiles -d 'Read profiles from this file' -r -F
complete -c herald -n "__fish_herald_using_subcommand history; and __fish_seen_subcommand_from show" -l provider -d 'Use this provider, where no profile says which' -r
complete -c herald -n "__fish_herald_using_subcommand history; and __fish_seen_subcommand_from show" -l color -d 'Colour what is written [default: auto]' -r -f -a "auto\t'Where a terminal shows it'
always\t'Everywhere'
never\t'Nowhere'"
complete -c herald -n "__fish_herald_using_subcommand history; and __fish_seen_subcommand_from show" -l output -d 'Write results in this format [default: table]' -r -f -a "table\t'Tables and sentences'
json\t'One JSON document'
ndjson\t'One JSON document a line'"
complete -c herald -n "__fish_herald_using_subcommand history; and __fish_seen_subcommand_from show" -l sandbox -d 'Use the entries of the sandbox instead of the real ones'
complete -c herald -n "__fish_herald_using_subcommand history; and __fish_seen_subcommand_from show" -s v -l verbose -d 'Tell each phase on stderr, without secrets'
complete -c herald -n "__fish_herald_using_subcommand history; and __fish_seen_subcommand_from show" -s q -l quiet -d 'Keep remarks back; errors and results stay'
complete -c herald -n "__fish_herald_using_subcommand history; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c herald -n "__fish_herald_using_subcommand history; and __fish_seen_subcommand_from resolve" -l targets -d 'Decide on the targets of this list alone, in the forms that a broadcast takes; `-` is stdin' -r -F
complete -c herald -n "__fish_herald_using_subcommand history; and __fish_seen_subcommand_from resolve" -l column -d 'Find the targets in this column of a CSV' -r
complete -c herald -n "__fish_herald_using_subcommand history; and __fish_seen_subcommand_from resolve" -l form -d 'Read the list as this, where its name does not say it' -r -f -a "lines\t'A target a line'
csv\t'Comma-separated values with a header row'
ndjson\t'A JSON text a line'
json\t'A JSON array'"
complete -c herald -n "__fish_herald_using_subcommand history; and __fish_seen_subcommand_from resolve" -l encoding -d 'Read the list in this encoding: utf-8, gbk, gb18030, utf-16, utf-16le, utf-16be' -r
complete -c herald -n "__fish_herald_using_subcommand history; and __fish_seen_subcommand_from resolve" -l vendor-id -d 'Ask for the message with this id of the vendor\'s, where the ledger has none' -r
complete -c herald -n "__fish_herald_using_subcommand history; and __fish_seen_subcommand_from resolve" -l note -d 'Say how that is known' -r
complete -c herald -n "__fish_herald_using_subcommand history; and __fish_seen_subcommand_from resolve" -l ledger -d 'Read this ledger' -r -F
complete -c herald -n "__fish_herald_using_subcommand history; and __fish_seen_subcommand_from resolve" -l profile -d 'Use this profile' -r
complete -c herald -n "__fish_herald_using_subcommand history; and __fish_seen_subcommand_from resolve" -l profiles -d 'Read profiles from this file' -r -F
complete -c herald -n "__fish_herald_using_subcommand history; and __fish_seen_subcommand_from resolve" -l provider -d 'Use this provider, where no profile says which' -r
complete -c herald -n "__fish_herald_using_subcommand history; and __fish_seen_subcommand_from resolve" -l color -d 'Colour what is written [default: auto]' -r -f -a "auto\t'Where a terminal shows it'
always\t'Everywhere'
never\t'Nowhere'"
complete -c herald -n "__fish_herald_using_subcommand history; and __fish_seen_subcommand_from resolve" -l output -d 'Write results in this format [default: table]' -r -f -a "table\t'Tables and sentences'
json\t'One JSON document'
ndjson\t'One JSON document a line'"
complete -c herald -n "__fish_herald_using_subcommand history; and __fish_seen_subcommand_from resolve" -l accepted -d 'Say that the vendor has it'
complete -c herald -n "__fish_herald_using_subcommand history; and __fish_seen_subcommand_from resolve" -l not-accepted -d 'Say that the vendor does not have it: it may be sent again, as a new message'
complete -c herald -n "__fish_herald_using_subcommand history; and __fish_seen_subcommand_from resolve" -l check -d 'Ask the vendor for the message, and say that it has it where it hands it out'
complete -c herald -n "__fish_herald_using_subcommand history; and __fish_seen_subcommand_from resolve" -l undo -d 'Make it unknown again, as long as nothing was sent on the strength of the decision'
complete -c herald -n "__fish_herald_using_subcommand history; and __fish_seen_subcommand_from resolve" -l yes -d 'Decide on more than one target without a question'
complete -c herald -n "__fish_herald_using_subcommand history; and __fish_seen_subcommand_from resolve" -l sandbox -d 'Use the entries of the sandbox instead of the real ones'
complete -c herald -n "__fish_herald_using_subcommand history; and __fish_seen_subcommand_from resolve" -s v -l verbose -d 'Tell each phase on stderr, without secrets'
complete -c herald -n "__fish_herald_using_subcommand history; and __fish_seen_subcommand_from resolve" -s q -l quiet -d 'Keep remarks back; errors and results stay'
complete -c herald -n "__fish_herald_using_subcommand history; and __fish_seen_subcommand_from resolve" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c herald -n "__fish_herald_using_subcommand history; and __fish_seen_subcommand_from prune" -l older-than -d 'Remove what ended so long ago: 90d, 12h [default: keep_days of the profile file, or 90d]' -r
complete -c herald -n "__fish_herald_using_subcommand history; and __fish_seen_subcommand_from prune" -l ledger -d 'Read this ledger' -r -F
complete -c herald -n "__fish_herald_using_subcommand history; and __fish_seen_subcommand_from prune" -l profile -d 'Use this profile' -r
complete -c herald -n "__fish_herald_using_subcommand history; and __fish_seen_subcommand_from prune" -l profiles -d 'Read profiles from this file' -r -F
complete -c herald -n "__fish_herald_using_subcommand history; and __fish_seen_subcommand_from prune" -l provider -d 'Use this provider, where no profile says which' -r
complete -c herald -n "__fish_herald_using_subcommand history; and __fish_seen_subcommand_from prune" -l color -d 'Colour what is written [default: auto]' -r -f -a "auto\t'Where a terminal shows it'
always\t'Everywhere'
never\t'Nowhere'"
complete -c herald -n "__fish_herald_using_subcommand history; and __fish_seen_subcommand_from prune" -l output -d 'Write results in this format [default: table]' -r -f -a "table\t'Tables and sentences'
json\t'One JSON document'
ndjson\t'One JSON document a line'"
complete -c herald -n "__fish_herald_using_subcommand history; and __fish_seen_subcommand_from prune" -l unknown -d 'Remove also what is unknown'
complete -c herald -n "__fish_herald_using_subcommand history; and __fish_seen_subcommand_from prune" -l dry-run -d 'Remove nothing, and say how much it would be'
complete -c herald -n "__fish_herald_using_subcommand history; and __fish_seen_subcommand_from prune" -l sandbox -d 'Use the entries of the sandbox instead of the real ones'
complete -c herald -n "__fish_herald_using_subcommand history; and __fish_seen_subcommand_from prune" -s v -l verbose -d 'Tell each phase on stderr, without secrets'
complete -c herald -n "__fish_herald_using_subcommand history; and __fish_seen_subcommand_from prune" -s q -l quiet -d 'Keep remarks back; errors and results stay'
complete -c herald -n "__fish_herald_using_subcommand history; and __fish_seen_subcommand_from prune" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c herald -n "__fish_herald_using_subcommand history; and __fish_seen_subcommand_from help" -f -a "list" -d 'List what was sent, latest first'
complete -c herald -n "__fish_herald_using_subcommand history; and __fish_seen_subcommand_from help" -f -a "show" -d 'Show all that is known of one entry or job'
complete -c herald -n "__fish_herald_using_subcommand history; and __fish_seen_subcommand_from help" -f -a "resolve" -d 'Record the outcome of an entry or job whose outcome is unknown'
complete -c herald -n "__fish_herald_using_subcommand history; and __fish_seen_subcommand_from help" -f -a "prune" -d 'Remove what is old and certain'
complete -c herald -n "__fish_herald_using_subcommand history; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c herald -n "__fish_herald_using_subcommand jobs" -l limit -d 'The most jobs to list [default: 20]' -r
complete -c herald -n "__fish_herald_using_subcommand jobs" -l ledger -d 'Read this ledger' -r -F
complete -c herald -n "__fish_herald_using_subcommand jobs" -l profile -d 'Use this profile' -r
complete -c herald -n "__fish_herald_using_subcommand jobs" -l profiles -d 'Read profiles from this file' -r -F
complete -c herald -n "__fish_herald_using_subcommand jobs" -l provider -d 'Use this provider, where no profile says which' -r
complete -c herald -n "__fish_herald_using_subcommand jobs" -l color -d 'Colour what is written [default: auto]' -r -f -a "auto\t'Where a terminal shows it'
always\t'Everywhere'
never\t'Nowhere'"
complete -c herald -n "__fish_herald_using_subcommand jobs" -l output -d 'Write results in this format [default: table]' -r -f -a "table\t'Tables and sentences'
json\t'One JSON document'
ndjson\t'One JSON document a line'"
complete -c herald -n "__fish_herald_using_subcommand jobs" -l watch -d 'Show them again each second, until none of them is at work'
complete -c herald -n "__fish_herald_using_subcommand jobs" -l sandbox -d 'Show the jobs of the sandbox'
complete -c herald -n "__fish_herald_using_subcommand jobs" -s v -l verbose -d 'Tell each phase on stderr, without secrets'
complete -c herald -n "__fish_herald_using_subcommand jobs" -s q -l quiet -d 'Keep remarks back; errors and results stay'
complete -c herald -n "__fish_herald_using_subcommand jobs" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c herald -n "__fish_herald_using_subcommand explain" -l profile -d 'Use this profile' -r
complete -c herald -n "__fish_herald_using_subcommand explain" -l profiles -d 'Read profiles from this file' -r -F
complete -c herald -n "__fish_herald_using_subcommand explain" -l provider -d 'Use this provider, where no profile says which' -r
complete -c herald -n "__fish_herald_using_subcommand explain" -l color -d 'Colour what is written [default: auto]' -r -f -a "auto\t'Where a terminal shows it'
always\t'Everywhere'
never\t'Nowhere'"
complete -c herald -n "__fish_herald_using_subcommand explain" -l output -d 'Write results in this format [default: table]' -r -f -a "table\t'Tables and sentences'
json\t'One JSON document'
ndjson\t'One JSON document a line'"
complete -c herald -n "__fish_herald_using_subcommand explain" -s v -l verbose -d 'Tell each phase on stderr, without secrets'
complete -c herald -n "__fish_herald_using_subcommand explain" -s q -l quiet -d 'Keep remarks back; errors and results stay'
complete -c herald -n "__fish_herald_using_subcommand explain" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c herald -n "__fish_herald_using_subcommand schema" -l all -d 'Write every schema into a folder, as `DIR/PROVIDER/NAME.json`' -r -F
complete -c herald -n "__fish_herald_using_subcommand schema" -l profile -d 'Use this profile' -r
complete -c herald -n "__fish_herald_using_subcommand schema" -l profiles -d 'Read profiles from this file' -r -F
complete -c herald -n "__fish_herald_using_subcommand schema" -l provider -d 'Use this provider, where no profile says which' -r
complete -c herald -n "__fish_herald_using_subcommand schema" -l color -d 'Colour what is written [default: auto]' -r -f -a "auto\t'Where a terminal shows it'
always\t'Everywhere'
never\t'Nowhere'"
complete -c herald -n "__fish_herald_using_subcommand schema" -l output -d 'Write results in this format [default: table]' -r -f -a "table\t'Tables and sentences'
json\t'One JSON document'
ndjson\t'One JSON document a line'"
complete -c herald -n "__fish_herald_using_subcommand schema" -s v -l verbose -d 'Tell each phase on stderr, without secrets'
complete -c herald -n "__fish_herald_using_subcommand schema" -s q -l quiet -d 'Keep remarks back; errors and results stay'
complete -c herald -n "__fish_herald_using_subcommand schema" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c herald -n "__fish_herald_using_subcommand providers" -l profile -d 'Use this profile' -r
complete -c herald -n "__fish_herald_using_subcommand providers" -l profiles -d 'Read profiles from this file' -r -F
complete -c herald -n "__fish_herald_using_subcommand providers" -l provider -d 'Use this provider, where no profile says which' -r
complete -c herald -n "__fish_herald_using_subcommand providers" -l color -d 'Colour what is written [default: auto]' -r -f -a "auto\t'Where a terminal shows it'
always\t'Everywhere'
never\t'Nowhere'"
complete -c herald -n "__fish_herald_using_subcommand providers" -l output -d 'Write results in this format [default: table]' -r -f -a "table\t'Tables and sentences'
json\t'One JSON document'
ndjson\t'One JSON document a line'"
complete -c herald -n "__fish_herald_using_subcommand providers" -l matrix -d 'Show what --text, --image, --to and the like become with each provider'
complete -c herald -n "__fish_herald_using_subcommand providers" -s v -l verbose -d 'Tell each phase on stderr, without secrets'
complete -c herald -n "__fish_herald_using_subcommand providers" -s q -l quiet -d 'Keep remarks back; errors and results stay'
complete -c herald -n "__fish_herald_using_subcommand providers" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c herald -n "__fish_herald_using_subcommand sandbox" -l listen -d 'Listen on this address; port 0 takes any that is free' -r
complete -c herald -n "__fish_herald_using_subcommand sandbox" -l state -d 'Keep the state in this folder, so that it is there after a restart' -r -F
complete -c herald -n "__fish_herald_using_subcommand sandbox" -l switch -d 'Change how a provider\'s servers behave, as `edition=community`, for one provider or for all; repeatable' -r
complete -c herald -n "__fish_herald_using_subcommand sandbox" -l log -d 'Add each request and its answer to this file, one JSON object a line' -r -F
complete -c herald -n "__fish_herald_using_subcommand sandbox" -l profile -d 'Use this profile' -r
complete -c herald -n "__fish_herald_using_subcommand sandbox" -l profiles -d 'Read profiles from this file' -r -F
complete -c herald -n "__fish_herald_using_subcommand sandbox" -l provider -d 'Use this provider, where no profile says which' -r
complete -c herald -n "__fish_herald_using_subcommand sandbox" -l color -d 'Colour what is written [default: auto]' -r -f -a "auto\t'Where a terminal shows it'
always\t'Everywhere'
never\t'Nowhere'"
complete -c herald -n "__fish_herald_using_subcommand sandbox" -l output -d 'Write results in this format [default: table]' -r -f -a "table\t'Tables and sentences'
json\t'One JSON document'
ndjson\t'One JSON document a line'"
complete -c herald -n "__fish_herald_using_subcommand sandbox" -l expose -d 'Allow an address that other machines can reach, and any Host'
complete -c herald -n "__fish_herald_using_subcommand sandbox" -l memory -d 'Keep the state in memory; this is the default'
complete -c herald -n "__fish_herald_using_subcommand sandbox" -l print-profiles -d 'Print a profiles file for what it serves at --listen, and end'
complete -c herald -n "__fish_herald_using_subcommand sandbox" -l print-env -d 'Print the variables of the environment for what it serves at --listen, and end: eval "$(herald sandbox --print-env)"'
complete -c herald -n "__fish_herald_using_subcommand sandbox" -s v -l verbose -d 'Tell each phase on stderr, without secrets'
complete -c herald -n "__fish_herald_using_subcommand sandbox" -s q -l quiet -d 'Keep remarks back; errors and results stay'
complete -c herald -n "__fish_herald_using_subcommand sandbox" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c herald -n "__fish_herald_using_subcommand completions" -l dir -d 'Write into this folder, under the names that shells and `man` look for, instead of printing' -r -f -a "(__fish_complete_directories)"
complete -c herald -n "__fish_herald_using_subcommand completions" -l profile -d 'Use this profile' -r
complete -c herald -n "__fish_herald_using_subcommand completions" -l profiles -d 'Read profiles from this file' -r -F
complete -c herald -n "__fish_herald_using_subcommand completions" -l provider -d 'Use this provider, where no profile says which' -r
complete -c herald -n "__fish_herald_using_subcommand completions" -l color -d 'Colour what is written [default: auto]' -r -f -a "auto\t'Where a terminal shows it'
always\t'Everywhere'
never\t'Nowhere'"
complete -c herald -n "__fish_herald_using_subcommand completions" -l output -d 'Write results in this format [default: table]' -r -f -a "table\t'Tables and sentences'
json\t'One JSON document'
ndjson\t'One JSON document a line'"
complete -c herald -n "__fish_herald_using_subcommand completions" -s v -l verbose -d 'Tell each phase on stderr, without secrets'
complete -c herald -n "__fish_herald_using_subcommand completions" -s q -l quiet -d 'Keep remarks back; errors and results stay'
complete -c herald -n "__fish_herald_using_subcommand completions" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c herald -n "__fish_herald_using_subcommand help; and not __fish_seen_subcommand_from send broadcast apply stop recall update delete clear get status call upload validate sign profile history jobs explain schema providers sandbox completions help" -f -a "send" -d 'Send one message to named users, groups, rooms, aliases or registration ids'
complete -c herald -n "__fish_herald_using_subcommand help; and not __fish_seen_subcommand_from send broadcast apply stop recall update delete clear get status call upload validate sign profile history jobs explain schema providers sandbox completions help" -f -a "broadcast" -d 'Send one message to everybody, a tag, a package or a list'
complete -c herald -n "__fish_herald_using_subcommand help; and not __fish_seen_subcommand_from send broadcast apply stop recall update delete clear get status call upload validate sign profile history jobs explain schema providers sandbox completions help" -f -a "apply" -d 'Carry out a plan that `broadcast --plan` wrote: exactly that, once'
complete -c herald -n "__fish_herald_using_subcommand help; and not __fish_seen_subcommand_from send broadcast apply stop recall update delete clear get status call upload validate sign profile history jobs explain schema providers sandbox completions help" -f -a "stop" -d 'Halt a job before its next batch'
complete -c herald -n "__fish_herald_using_subcommand help; and not __fish_seen_subcommand_from send broadcast apply stop recall update delete clear get status call upload validate sign profile history jobs explain schema providers sandbox completions help" -f -a "recall" -d 'Recall what was sent: by ledger id, by the vendor\'s id, or the last one'
complete -c herald -n "__fish_herald_using_subcommand help; and not __fish_seen_subcommand_from send broadcast apply stop recall update delete clear get status call upload validate sign profile history jobs explain schema providers sandbox completions help" -f -a "update" -d 'Replace the content of a message that was sent'
complete -c herald -n "__fish_herald_using_subcommand help; and not __fish_seen_subcommand_from send broadcast apply stop recall update delete clear get status call upload validate sign profile history jobs explain schema providers sandbox completions help" -f -a "delete" -d 'Delete a message that was sent'
complete -c herald -n "__fish_herald_using_subcommand help; and not __fish_seen_subcommand_from send broadcast apply stop recall update delete clear get status call upload validate sign profile history jobs explain schema providers sandbox completions help" -f -a "clear" -d 'Clear the messages of a conversation'
complete -c herald -n "__fish_herald_using_subcommand help; and not __fish_seen_subcommand_from send broadcast apply stop recall update delete clear get status call upload validate sign profile history jobs explain schema providers sandbox completions help" -f -a "get" -d 'Fetch a message that was sent'
complete -c herald -n "__fish_herald_using_subcommand help; and not __fish_seen_subcommand_from send broadcast apply stop recall update delete clear get status call upload validate sign profile history jobs explain schema providers sandbox completions help" -f -a "status" -d 'Ask what became of a message that was sent'
complete -c herald -n "__fish_herald_using_subcommand help; and not __fish_seen_subcommand_from send broadcast apply stop recall update delete clear get status call upload validate sign profile history jobs explain schema providers sandbox completions help" -f -a "call" -d 'Call any operation of a contract'
complete -c herald -n "__fish_herald_using_subcommand help; and not __fish_seen_subcommand_from send broadcast apply stop recall update delete clear get status call upload validate sign profile history jobs explain schema providers sandbox completions help" -f -a "upload" -d 'Upload files to a vendor that takes them'
complete -c herald -n "__fish_herald_using_subcommand help; and not __fish_seen_subcommand_from send broadcast apply stop recall update delete clear get status call upload validate sign profile history jobs explain schema providers sandbox completions help" -f -a "validate" -d 'Lint payload files, folders, NDJSON and stdin; offline, without credentials'
complete -c herald -n "__fish_herald_using_subcommand help; and not __fish_seen_subcommand_from send broadcast apply stop recall update delete clear get status call upload validate sign profile history jobs explain schema providers sandbox completions help" -f -a "sign" -d 'Print a signature and its headers, explain it, or verify one'
complete -c herald -n "__fish_herald_using_subcommand help; and not __fish_seen_subcommand_from send broadcast apply stop recall update delete clear get status call upload validate sign profile history jobs explain schema providers sandbox completions help" -f -a "profile" -d 'Make, list, show and check profiles'
complete -c herald -n "__fish_herald_using_subcommand help; and not __fish_seen_subcommand_from send broadcast apply stop recall update delete clear get status call upload validate sign profile history jobs explain schema providers sandbox completions help" -f -a "history" -d 'Show what was sent, its ids and outcome, and resolve what is unknown'
complete -c herald -n "__fish_herald_using_subcommand help; and not __fish_seen_subcommand_from send broadcast apply stop recall update delete clear get status call upload validate sign profile history jobs explain schema providers sandbox completions help" -f -a "jobs" -d 'List jobs: what is done, what is left, what is recalled'
complete -c herald -n "__fish_herald_using_subcommand help; and not __fish_seen_subcommand_from send broadcast apply stop recall update delete clear get status call upload validate sign profile history jobs explain schema providers sandbox completions help" -f -a "explain" -d 'Explain a lint rule, a vendor\'s error code or a word that herald prints'
complete -c herald -n "__fish_herald_using_subcommand help; and not __fish_seen_subcommand_from send broadcast apply stop recall update delete clear get status call upload validate sign profile history jobs explain schema providers sandbox completions help" -f -a "schema" -d 'Write JSON Schemas of operations, message types and herald\'s own output'
complete -c herald -n "__fish_herald_using_subcommand help; and not __fish_seen_subcommand_from send broadcast apply stop recall update delete clear get status call upload validate sign profile history jobs explain schema providers sandbox completions help" -f -a "providers" -d 'Show what can be sent: operations, message types, fields, limits, rates'
complete -c herald -n "__fish_herald_using_subcommand help; and not __fish_seen_subcommand_from send broadcast apply stop recall update delete clear get status call upload validate sign profile history jobs explain schema providers sandbox completions help" -f -a "sandbox" -d 'Serve a local mock server of the vendors'
complete -c herald -n "__fish_herald_using_subcommand help; and not __fish_seen_subcommand_from send broadcast apply stop recall update delete clear get status call upload validate sign profile history jobs explain schema providers sandbox completions help" -f -a "completions" -d 'Print the completion script of a shell, or the manual pages'
complete -c herald -n "__fish_herald_using_subcommand help; and not __fish_seen_subcommand_from send broadcast apply stop recall update delete clear get status call upload validate sign profile history jobs explain schema providers sandbox completions help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
