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
complete -c herald -n "__fish_herald_needs_command" -l profiles -d 'Read the profiles from this file' -r -F
complete -c herald -n "__fish_herald_needs_command" -l provider -d 'Use this provider, if no profile names one' -r
complete -c herald -n "__fish_herald_needs_command" -l output -d 'Write results in this format [default: table]' -r -f -a "table\t'Tables and sentences'
concise\t'One line a finding'
json\t'One JSON document'
ndjson\t'One JSON document a line'
sarif\t'SARIF 2.1.0'
junit\t'JUnit XML'
github\t'GitHub workflow commands'
gitlab\t'GitLab Code Quality'
markdown\t'Markdown tables, as for $GITHUB_STEP_SUMMARY'"
complete -c herald -n "__fish_herald_needs_command" -l color -d 'Use colours [default: auto]' -r -f -a "auto\t'On a terminal that shows them'
always\t'Always'
never\t'Never'"
complete -c herald -n "__fish_herald_needs_command" -s v -l verbose -d 'Write each step to stderr, without secrets'
complete -c herald -n "__fish_herald_needs_command" -s q -l quiet -d 'Write no warnings and no progress; errors and results stay'
complete -c herald -n "__fish_herald_needs_command" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c herald -n "__fish_herald_needs_command" -s V -l version -d 'Print version'
complete -c herald -n "__fish_herald_needs_command" -f -a "send" -d 'Send one message to named targets'
complete -c herald -n "__fish_herald_needs_command" -f -a "broadcast" -d 'Send one message to a list, a tag, a package or everybody'
complete -c herald -n "__fish_herald_needs_command" -f -a "upload" -d 'Upload files to a vendor that takes them'
complete -c herald -n "__fish_herald_needs_command" -f -a "call" -d 'Call any operation of a vendor\'s API'
complete -c herald -n "__fish_herald_needs_command" -f -a "history" -d 'Show what was sent and its outcome; resolve what is unknown'
complete -c herald -n "__fish_herald_needs_command" -f -a "recall" -d 'Recall messages that were sent'
complete -c herald -n "__fish_herald_needs_command" -f -a "update" -d 'Replace the content of a message that was sent'
complete -c herald -n "__fish_herald_needs_command" -f -a "delete" -d 'Delete a message that was sent'
complete -c herald -n "__fish_herald_needs_command" -f -a "clear" -d 'Clear the messages of a conversation'
complete -c herald -n "__fish_herald_needs_command" -f -a "get" -d 'Fetch a message that was sent'
complete -c herald -n "__fish_herald_needs_command" -f -a "status" -d 'Ask the vendor for the state of a message that was sent'
complete -c herald -n "__fish_herald_needs_command" -f -a "jobs" -d 'List jobs: what is done, what is left, what is recalled'
complete -c herald -n "__fish_herald_needs_command" -f -a "stop" -d 'Stop a job before its next batch'
complete -c herald -n "__fish_herald_needs_command" -f -a "apply" -d 'Send a plan that `broadcast --plan` wrote: exactly that, and once'
complete -c herald -n "__fish_herald_needs_command" -f -a "validate" -d 'Lint payload files, folders, NDJSON and stdin, offline'
complete -c herald -n "__fish_herald_needs_command" -f -a "init" -d 'Write a herald.toml for the payloads of a folder'
complete -c herald -n "__fish_herald_needs_command" -f -a "explain" -d 'Explain a rule, a vendor\'s error code or a word that herald prints'
complete -c herald -n "__fish_herald_needs_command" -f -a "providers" -d 'Show what each vendor takes: operations, types, fields, limits'
complete -c herald -n "__fish_herald_needs_command" -f -a "schema" -d 'Write JSON Schemas of operations, types and herald\'s output'
complete -c herald -n "__fish_herald_needs_command" -f -a "sign" -d 'Print a signature and its headers, explain it, or verify one'
complete -c herald -n "__fish_herald_needs_command" -f -a "profile" -d 'Make, list, show and check profiles'
complete -c herald -n "__fish_herald_needs_command" -f -a "sandbox" -d 'Serve the sandbox: a local mock server of the vendors'
complete -c herald -n "__fish_herald_needs_command" -f -a "completions" -d 'Print a shell\'s completion script, or the manual pages'
complete -c herald -n "__fish_herald_needs_command" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c herald -n "__fish_herald_using_subcommand send" -l to -d 'Target: bob, user:bob, group:g1; repeatable' -r
complete -c herald -n "__fish_herald_using_subcommand send" -l from -d 'Sender' -r
complete -c herald -n "__fish_herald_using_subcommand send" -l text -d 'Text of the message' -r
complete -c herald -n "__fish_herald_using_subcommand send" -l text-file -d 'Text from this file in UTF-8; `-` is stdin' -r -F
complete -c herald -n "__fish_herald_using_subcommand send" -l image -d 'Picture: a URL, or a file to upload' -r -F
complete -c herald -n "__fish_herald_using_subcommand send" -l voice -d 'Voice message: a URL, or a file to upload' -r -F
complete -c herald -n "__fish_herald_using_subcommand send" -l video -d 'Video: a URL, or a file to upload' -r -F
complete -c herald -n "__fish_herald_using_subcommand send" -l file -d 'File: a URL, or a file to upload' -r -F
complete -c herald -n "__fish_herald_using_subcommand send" -l location -d 'Place in degrees: 39.9,116.4,Beijing' -r
complete -c herald -n "__fish_herald_using_subcommand send" -l command -d 'Command for the app; the user sees nothing' -r
complete -c herald -n "__fish_herald_using_subcommand send" -l title -d 'Title, if the vendor has one' -r
complete -c herald -n "__fish_herald_using_subcommand send" -l extra -d 'Data for the app; repeatable' -r
complete -c herald -n "__fish_herald_using_subcommand send" -l type -d 'Message type of the vendor, with --set' -r
complete -c herald -n "__fish_herald_using_subcommand send" -l set -d 'Field: PATH=TEXT or PATH:=JSON; repeatable' -r
complete -c herald -n "__fish_herald_using_subcommand send" -l body -d 'Whole request body from this file; `-` is stdin' -r -F
complete -c herald -n "__fish_herald_using_subcommand send" -l allow-path -d 'Allow attached files from this folder too; repeatable' -r -F
complete -c herald -n "__fish_herald_using_subcommand send" -l dry-run -d 'Print the request and send nothing' -r -f -a "local\t'Inside herald'
server\t'At the vendor\'s own check, which delivers nothing'"
complete -c herald -n "__fish_herald_using_subcommand send" -l nonce -d 'Nonce of a printed signature' -r
complete -c herald -n "__fish_herald_using_subcommand send" -l timestamp -d 'Timestamp of a printed signature' -r
complete -c herald -n "__fish_herald_using_subcommand send" -l deadline -d 'Stop after this time: 500ms, 30s, 2m, 1d [default: 30s]' -r
complete -c herald -n "__fish_herald_using_subcommand send" -l cacert -d 'Trust the certificates in this PEM file, not the built-in ones' -r -F
complete -c herald -n "__fish_herald_using_subcommand send" -l ledger -d 'File of the ledger [default: ledger.db in herald\'s state folder]' -r -F
complete -c herald -n "__fish_herald_using_subcommand send" -l confirm -d 'Confirm a large audience by the profile\'s name' -r
complete -c herald -n "__fish_herald_using_subcommand send" -l allow -d 'Ignore this lint rule; repeatable' -r
complete -c herald -n "__fish_herald_using_subcommand send" -l override -d 'Bypass this guard; repeatable' -r
complete -c herald -n "__fish_herald_using_subcommand send" -l profile -d 'Use this profile' -r
complete -c herald -n "__fish_herald_using_subcommand send" -l profiles -d 'Read the profiles from this file' -r -F
complete -c herald -n "__fish_herald_using_subcommand send" -l provider -d 'Use this provider, if no profile names one' -r
complete -c herald -n "__fish_herald_using_subcommand send" -l color -d 'Use colours [default: auto]' -r -f -a "auto\t'On a terminal that shows them'
always\t'Always'
never\t'Never'"
complete -c herald -n "__fish_herald_using_subcommand send" -l output -d 'Write results in this format [default: table]' -r -f -a "table\t'Tables and sentences'
json\t'One JSON document'
ndjson\t'One JSON document a line'"
complete -c herald -n "__fish_herald_using_subcommand send" -l allow-empty -d 'Allow a text or a title that shows nothing'
complete -c herald -n "__fish_herald_using_subcommand send" -l curl -d 'Print a curl command and send nothing'
complete -c herald -n "__fish_herald_using_subcommand send" -l show-secrets -d 'Show the secrets that --dry-run and --curl hide'
complete -c herald -n "__fish_herald_using_subcommand send" -l yes -d 'Answer yes to the question about many targets'
complete -c herald -n "__fish_herald_using_subcommand send" -l sandbox -d 'Use the mock server inside herald'
complete -c herald -n "__fish_herald_using_subcommand send" -s v -l verbose -d 'Write each step to stderr, without secrets'
complete -c herald -n "__fish_herald_using_subcommand send" -s q -l quiet -d 'Write no warnings and no progress; errors and results stay'
complete -c herald -n "__fish_herald_using_subcommand send" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c herald -n "__fish_herald_using_subcommand broadcast" -l tag -d 'Reach the users with this tag; repeatable' -r
complete -c herald -n "__fish_herald_using_subcommand broadcast" -l package -d 'Reach the users of this app package' -r
complete -c herald -n "__fish_herald_using_subcommand broadcast" -l targets -d 'Reach the targets in this file; `-` is stdin' -r -F
complete -c herald -n "__fish_herald_using_subcommand broadcast" -l column -d 'Column of a CSV that holds the targets' -r
complete -c herald -n "__fish_herald_using_subcommand broadcast" -l form -d 'Format of the list, if its file name does not tell' -r -f -a "lines\t'A target a line'
csv\t'Comma-separated values with a header row'
ndjson\t'A JSON text a line'
json\t'A JSON array'"
complete -c herald -n "__fish_herald_using_subcommand broadcast" -l encoding -d 'Encoding of the list' -r
complete -c herald -n "__fish_herald_using_subcommand broadcast" -l resume -d 'Continue what is left of a job' -r
complete -c herald -n "__fish_herald_using_subcommand broadcast" -l to -d 'Target: bob, user:bob, group:g1; repeatable' -r
complete -c herald -n "__fish_herald_using_subcommand broadcast" -l from -d 'Sender' -r
complete -c herald -n "__fish_herald_using_subcommand broadcast" -l text -d 'Text of the message' -r
complete -c herald -n "__fish_herald_using_subcommand broadcast" -l text-file -d 'Text from this file in UTF-8; `-` is stdin' -r -F
complete -c herald -n "__fish_herald_using_subcommand broadcast" -l image -d 'Picture: a URL, or a file to upload' -r -F
complete -c herald -n "__fish_herald_using_subcommand broadcast" -l voice -d 'Voice message: a URL, or a file to upload' -r -F
complete -c herald -n "__fish_herald_using_subcommand broadcast" -l video -d 'Video: a URL, or a file to upload' -r -F
complete -c herald -n "__fish_herald_using_subcommand broadcast" -l file -d 'File: a URL, or a file to upload' -r -F
complete -c herald -n "__fish_herald_using_subcommand broadcast" -l location -d 'Place in degrees: 39.9,116.4,Beijing' -r
complete -c herald -n "__fish_herald_using_subcommand broadcast" -l command -d 'Command for the app; the user sees nothing' -r
complete -c herald -n "__fish_herald_using_subcommand broadcast" -l title -d 'Title, if the vendor has one' -r
complete -c herald -n "__fish_herald_using_subcommand broadcast" -l extra -d 'Data for the app; repeatable' -r
complete -c herald -n "__fish_herald_using_subcommand broadcast" -l type -d 'Message type of the vendor, with --set' -r
complete -c herald -n "__fish_herald_using_subcommand broadcast" -l set -d 'Field: PATH=TEXT or PATH:=JSON; repeatable' -r
complete -c herald -n "__fish_herald_using_subcommand broadcast" -l body -d 'Whole request body from this file; `-` is stdin' -r -F
complete -c herald -n "__fish_herald_using_subcommand broadcast" -l allow-path -d 'Allow attached files from this folder too; repeatable' -r -F
complete -c herald -n "__fish_herald_using_subcommand broadcast" -l job -d 'Name of the job' -r
complete -c herald -n "__fish_herald_using_subcommand broadcast" -l concurrency -d 'Requests in flight at a time, at most [default: 16]' -r
complete -c herald -n "__fish_herald_using_subcommand broadcast" -l results -d 'Write the outcome of each target into this file' -r -F
complete -c herald -n "__fish_herald_using_subcommand broadcast" -l abort-above -d 'Stop if a larger share failed: 1% or 0.01' -r
complete -c herald -n "__fish_herald_using_subcommand broadcast" -l canary -d 'Send to the first N targets, then wait' -r
complete -c herald -n "__fish_herald_using_subcommand broadcast" -l soak -d 'Wait this time after --canary [default: 60s]' -r
complete -c herald -n "__fish_herald_using_subcommand broadcast" -l plan -d 'Write a plan and send nothing; see `herald apply`' -r -F
complete -c herald -n "__fish_herald_using_subcommand broadcast" -l valid-for -d 'A plan is valid this long, at most 24h [default: 1h]' -r
complete -c herald -n "__fish_herald_using_subcommand broadcast" -l dry-run -d 'Print the request and send nothing' -r -f -a "local\t'Inside herald'
server\t'At the vendor\'s own check, which delivers nothing'"
complete -c herald -n "__fish_herald_using_subcommand broadcast" -l nonce -d 'Nonce of a printed signature' -r
complete -c herald -n "__fish_herald_using_subcommand broadcast" -l timestamp -d 'Timestamp of a printed signature' -r
complete -c herald -n "__fish_herald_using_subcommand broadcast" -l deadline -d 'Stop after this time: 500ms, 30s, 2m, 1d [default: 30s]' -r
complete -c herald -n "__fish_herald_using_subcommand broadcast" -l cacert -d 'Trust the certificates in this PEM file, not the built-in ones' -r -F
complete -c herald -n "__fish_herald_using_subcommand broadcast" -l ledger -d 'File of the ledger [default: ledger.db in herald\'s state folder]' -r -F
complete -c herald -n "__fish_herald_using_subcommand broadcast" -l confirm -d 'Confirm a large audience by the profile\'s name' -r
complete -c herald -n "__fish_herald_using_subcommand broadcast" -l allow -d 'Ignore this lint rule; repeatable' -r
complete -c herald -n "__fish_herald_using_subcommand broadcast" -l override -d 'Bypass this guard; repeatable' -r
complete -c herald -n "__fish_herald_using_subcommand broadcast" -l profile -d 'Use this profile' -r
complete -c herald -n "__fish_herald_using_subcommand broadcast" -l profiles -d 'Read the profiles from this file' -r -F
complete -c herald -n "__fish_herald_using_subcommand broadcast" -l provider -d 'Use this provider, if no profile names one' -r
complete -c herald -n "__fish_herald_using_subcommand broadcast" -l color -d 'Use colours [default: auto]' -r -f -a "auto\t'On a terminal that shows them'
always\t'Always'
never\t'Never'"
complete -c herald -n "__fish_herald_using_subcommand broadcast" -l output -d 'Write results in this format [default: table]' -r -f -a "table\t'Tables and sentences'
json\t'One JSON document'
ndjson\t'One JSON document a line'"
complete -c herald -n "__fish_herald_using_subcommand broadcast" -l all -d 'Reach everybody; needs --confirm'
complete -c herald -n "__fish_herald_using_subcommand broadcast" -l skip-invalid -d 'Leave out invalid entries, and send to the others'
complete -c herald -n "__fish_herald_using_subcommand broadcast" -l allow-empty -d 'Allow a text or a title that shows nothing'
complete -c herald -n "__fish_herald_using_subcommand broadcast" -l curl -d 'Print a curl command and send nothing'
complete -c herald -n "__fish_herald_using_subcommand broadcast" -l show-secrets -d 'Show the secrets that --dry-run and --curl hide'
complete -c herald -n "__fish_herald_using_subcommand broadcast" -l yes -d 'Answer yes to the question about many targets'
complete -c herald -n "__fish_herald_using_subcommand broadcast" -l sandbox -d 'Use the mock server inside herald'
complete -c herald -n "__fish_herald_using_subcommand broadcast" -s v -l verbose -d 'Write each step to stderr, without secrets'
complete -c herald -n "__fish_herald_using_subcommand broadcast" -s q -l quiet -d 'Write no warnings and no progress; errors and results stay'
complete -c herald -n "__fish_herald_using_subcommand broadcast" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c herald -n "__fish_herald_using_subcommand upload" -l as -d 'Kind of the files, if their names do not tell' -r -f -a "image\t'A picture'
voice\t'A recording'
video\t'A video'
file\t'Any file'"
complete -c herald -n "__fish_herald_using_subcommand upload" -l set -d 'Field of the upload: PATH=TEXT or PATH:=JSON; repeatable' -r
complete -c herald -n "__fish_herald_using_subcommand upload" -l dry-run -d 'Print the request and send nothing' -r -f -a "local\t'Inside herald'
server\t'At the vendor\'s own check, which delivers nothing'"
complete -c herald -n "__fish_herald_using_subcommand upload" -l nonce -d 'Nonce of a printed signature' -r
complete -c herald -n "__fish_herald_using_subcommand upload" -l timestamp -d 'Timestamp of a printed signature' -r
complete -c herald -n "__fish_herald_using_subcommand upload" -l deadline -d 'Stop after this time: 500ms, 30s, 2m, 1d [default: 30s]' -r
complete -c herald -n "__fish_herald_using_subcommand upload" -l cacert -d 'Trust the certificates in this PEM file, not the built-in ones' -r -F
complete -c herald -n "__fish_herald_using_subcommand upload" -l ledger -d 'File of the ledger [default: ledger.db in herald\'s state folder]' -r -F
complete -c herald -n "__fish_herald_using_subcommand upload" -l confirm -d 'Confirm a large audience by the profile\'s name' -r
complete -c herald -n "__fish_herald_using_subcommand upload" -l allow -d 'Ignore this lint rule; repeatable' -r
complete -c herald -n "__fish_herald_using_subcommand upload" -l override -d 'Bypass this guard; repeatable' -r
complete -c herald -n "__fish_herald_using_subcommand upload" -l profile -d 'Use this profile' -r
complete -c herald -n "__fish_herald_using_subcommand upload" -l profiles -d 'Read the profiles from this file' -r -F
complete -c herald -n "__fish_herald_using_subcommand upload" -l provider -d 'Use this provider, if no profile names one' -r
complete -c herald -n "__fish_herald_using_subcommand upload" -l color -d 'Use colours [default: auto]' -r -f -a "auto\t'On a terminal that shows them'
always\t'Always'
never\t'Never'"
complete -c herald -n "__fish_herald_using_subcommand upload" -l output -d 'Write results in this format [default: table]' -r -f -a "table\t'Tables and sentences'
json\t'One JSON document'
ndjson\t'One JSON document a line'"
complete -c herald -n "__fish_herald_using_subcommand upload" -l curl -d 'Print a curl command and send nothing'
complete -c herald -n "__fish_herald_using_subcommand upload" -l show-secrets -d 'Show the secrets that --dry-run and --curl hide'
complete -c herald -n "__fish_herald_using_subcommand upload" -l yes -d 'Answer yes to the question about many targets'
complete -c herald -n "__fish_herald_using_subcommand upload" -l sandbox -d 'Use the mock server inside herald'
complete -c herald -n "__fish_herald_using_subcommand upload" -s v -l verbose -d 'Write each step to stderr, without secrets'
complete -c herald -n "__fish_herald_using_subcommand upload" -s q -l quiet -d 'Write no warnings and no progress; errors and results stay'
complete -c herald -n "__fish_herald_using_subcommand upload" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c herald -n "__fish_herald_using_subcommand call" -l set -d 'Field: PATH=TEXT or PATH:=JSON; repeatable' -r
complete -c herald -n "__fish_herald_using_subcommand call" -l body -d 'Whole request body from this file; `-` is stdin' -r -F
complete -c herald -n "__fish_herald_using_subcommand call" -l allow-path -d 'Allow attached files from this folder too; repeatable' -r -F
complete -c herald -n "__fish_herald_using_subcommand call" -l dry-run -d 'Print the request and send nothing' -r -f -a "local\t'Inside herald'
server\t'At the vendor\'s own check, which delivers nothing'"
complete -c herald -n "__fish_herald_using_subcommand call" -l nonce -d 'Nonce of a printed signature' -r
complete -c herald -n "__fish_herald_using_subcommand call" -l timestamp -d 'Timestamp of a printed signature' -r
complete -c herald -n "__fish_herald_using_subcommand call" -l deadline -d 'Stop after this time: 500ms, 30s, 2m, 1d [default: 30s]' -r
complete -c herald -n "__fish_herald_using_subcommand call" -l cacert -d 'Trust the certificates in this PEM file, not the built-in ones' -r -F
complete -c herald -n "__fish_herald_using_subcommand call" -l ledger -d 'File of the ledger [default: ledger.db in herald\'s state folder]' -r -F
complete -c herald -n "__fish_herald_using_subcommand call" -l confirm -d 'Confirm a large audience by the profile\'s name' -r
complete -c herald -n "__fish_herald_using_subcommand call" -l allow -d 'Ignore this lint rule; repeatable' -r
complete -c herald -n "__fish_herald_using_subcommand call" -l override -d 'Bypass this guard; repeatable' -r
complete -c herald -n "__fish_herald_using_subcommand call" -l profile -d 'Use this profile' -r
complete -c herald -n "__fish_herald_using_subcommand call" -l profiles -d 'Read the profiles from this file' -r -F
complete -c herald -n "__fish_herald_using_subcommand call" -l provider -d 'Use this provider, if no profile names one' -r
complete -c herald -n "__fish_herald_using_subcommand call" -l color -d 'Use colours [default: auto]' -r -f -a "auto\t'On a terminal that shows them'
always\t'Always'
never\t'Never'"
complete -c herald -n "__fish_herald_using_subcommand call" -l output -d 'Write results in this format [default: table]' -r -f -a "table\t'Tables and sentences'
json\t'One JSON document'
ndjson\t'One JSON document a line'"
complete -c herald -n "__fish_herald_using_subcommand call" -l curl -d 'Print a curl command and send nothing'
complete -c herald -n "__fish_herald_using_subcommand call" -l show-secrets -d 'Show the secrets that --dry-run and --curl hide'
complete -c herald -n "__fish_herald_using_subcommand call" -l yes -d 'Answer yes to the question about many targets'
complete -c herald -n "__fish_herald_using_subcommand call" -l sandbox -d 'Use the mock server inside herald'
complete -c herald -n "__fish_herald_using_subcommand call" -s v -l verbose -d 'Write each step to stderr, without secrets'
complete -c herald -n "__fish_herald_using_subcommand call" -s q -l quiet -d 'Write no warnings and no progress; errors and results stay'
complete -c herald -n "__fish_herald_using_subcommand call" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c herald -n "__fish_herald_using_subcommand history; and not __fish_seen_subcommand_from list show resolve prune help" -l outcome -d 'Only what had this outcome' -r
complete -c herald -n "__fish_herald_using_subcommand history; and not __fish_seen_subcommand_from list show resolve prune help" -l since -d 'Only what was sent since: 2h, 3d, 2026-05-01' -r
complete -c herald -n "__fish_herald_using_subcommand history; and not __fish_seen_subcommand_from list show resolve prune help" -l job -d 'Only this job' -r
complete -c herald -n "__fish_herald_using_subcommand history; and not __fish_seen_subcommand_from list show resolve prune help" -l as -d 'List the targets of a job, one a line' -r -f -a "targets\t'One target a line, with the values of its text if the texts differ'
names\t'One target a line, and nothing else'"
complete -c herald -n "__fish_herald_using_subcommand history; and not __fish_seen_subcommand_from list show resolve prune help" -l to -d 'Only what went to this target' -r
complete -c herald -n "__fish_herald_using_subcommand history; and not __fish_seen_subcommand_from list show resolve prune help" -l text -d 'Only what has this in its text' -r
complete -c herald -n "__fish_herald_using_subcommand history; and not __fish_seen_subcommand_from list show resolve prune help" -l limit -d 'List at most this many entries [default: 20]' -r
complete -c herald -n "__fish_herald_using_subcommand history; and not __fish_seen_subcommand_from list show resolve prune help" -l ledger -d 'File of the ledger [default: ledger.db in herald\'s state folder]' -r -F
complete -c herald -n "__fish_herald_using_subcommand history; and not __fish_seen_subcommand_from list show resolve prune help" -l profile -d 'Use this profile' -r
complete -c herald -n "__fish_herald_using_subcommand history; and not __fish_seen_subcommand_from list show resolve prune help" -l profiles -d 'Read the profiles from this file' -r -F
complete -c herald -n "__fish_herald_using_subcommand history; and not __fish_seen_subcommand_from list show resolve prune help" -l provider -d 'Use this provider, if no profile names one' -r
complete -c herald -n "__fish_herald_using_subcommand history; and not __fish_seen_subcommand_from list show resolve prune help" -l color -d 'Use colours [default: auto]' -r -f -a "auto\t'On a terminal that shows them'
always\t'Always'
never\t'Never'"
complete -c herald -n "__fish_herald_using_subcommand history; and not __fish_seen_subcommand_from list show resolve prune help" -l output -d 'Write results in this format [default: table]' -r -f -a "table\t'Tables and sentences'
json\t'One JSON document'
ndjson\t'One JSON document a line'"
complete -c herald -n "__fish_herald_using_subcommand history; and not __fish_seen_subcommand_from list show resolve prune help" -l failed -d 'Only what was certainly not accepted'
complete -c herald -n "__fish_herald_using_subcommand history; and not __fish_seen_subcommand_from list show resolve prune help" -l sandbox -d 'Use the history of the sandbox'
complete -c herald -n "__fish_herald_using_subcommand history; and not __fish_seen_subcommand_from list show resolve prune help" -s v -l verbose -d 'Write each step to stderr, without secrets'
complete -c herald -n "__fish_herald_using_subcommand history; and not __fish_seen_subcommand_from list show resolve prune help" -s q -l quiet -d 'Write no warnings and no progress; errors and results stay'
complete -c herald -n "__fish_herald_using_subcommand history; and not __fish_seen_subcommand_from list show resolve prune help" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c herald -n "__fish_herald_using_subcommand history; and not __fish_seen_subcommand_from list show resolve prune help" -f -a "list" -d 'List what was sent, latest first'
complete -c herald -n "__fish_herald_using_subcommand history; and not __fish_seen_subcommand_from list show resolve prune help" -f -a "show" -d 'Show everything about one message or job'
complete -c herald -n "__fish_herald_using_subcommand history; and not __fish_seen_subcommand_from list show resolve prune help" -f -a "resolve" -d 'Record the real outcome of what is unknown'
complete -c herald -n "__fish_herald_using_subcommand history; and not __fish_seen_subcommand_from list show resolve prune help" -f -a "prune" -d 'Remove old entries whose outcome is known'
complete -c herald -n "__fish_herald_using_subcommand history; and not __fish_seen_subcommand_from list show resolve prune help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c herald -n "__fish_herald_using_subcommand history; and __fish_seen_subcommand_from list" -l outcome -d 'Only what had this outcome' -r
complete -c herald -n "__fish_herald_using_subcommand history; and __fish_seen_subcommand_from list" -l since -d 'Only what was sent since: 2h, 3d, 2026-05-01' -r
complete -c herald -n "__fish_herald_using_subcommand history; and __fish_seen_subcommand_from list" -l job -d 'Only this job' -r
complete -c herald -n "__fish_herald_using_subcommand history; and __fish_seen_subcommand_from list" -l as -d 'List the targets of a job, one a line' -r -f -a "targets\t'One target a line, with the values of its text if the texts differ'
names\t'One target a line, and nothing else'"
complete -c herald -n "__fish_herald_using_subcommand history; and __fish_seen_subcommand_from list" -l to -d 'Only what went to this target' -r
complete -c herald -n "__fish_herald_using_subcommand history; and __fish_seen_subcommand_from list" -l text -d 'Only what has this in its text' -r
complete -c herald -n "__fish_herald_using_subcommand history; and __fish_seen_subcommand_from list" -l limit -d 'List at most this many entries [default: 20]' -r
complete -c herald -n "__fish_herald_using_subcommand history; and __fish_seen_subcommand_from list" -l ledger -d 'File of the ledger [default: ledger.db in herald\'s state folder]' -r -F
complete -c herald -n "__fish_herald_using_subcommand history; and __fish_seen_subcommand_from list" -l profile -d 'Use this profile' -r
complete -c herald -n "__fish_herald_using_subcommand history; and __fish_seen_subcommand_from list" -l profiles -d 'Read the profiles from this file' -r -F
complete -c herald -n "__fish_herald_using_subcommand history; and __fish_seen_subcommand_from list" -l provider -d 'Use this provider, if no profile names one' -r
complete -c herald -n "__fish_herald_using_subcommand history; and __fish_seen_subcommand_from list" -l color -d 'Use colours [default: auto]' -r -f -a "auto\t'On a terminal that shows them'
always\t'Always'
never\t'Never'"
complete -c herald -n "__fish_herald_using_subcommand history; and __fish_seen_subcommand_from list" -l output -d 'Write results in this format [default: table]' -r -f -a "table\t'Tables and sentences'
json\t'One JSON document'
ndjson\t'One JSON document a line'"
complete -c herald -n "__fish_herald_using_subcommand history; and __fish_seen_subcommand_from list" -l failed -d 'Only what was certainly not accepted'
complete -c herald -n "__fish_herald_using_subcommand history; and __fish_seen_subcommand_from list" -l sandbox -d 'Use the history of the sandbox'
complete -c herald -n "__fish_herald_using_subcommand history; and __fish_seen_subcommand_from list" -s v -l verbose -d 'Write each step to stderr, without secrets'
complete -c herald -n "__fish_herald_using_subcommand history; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Write no warnings and no progress; errors and results stay'
complete -c herald -n "__fish_herald_using_subcommand history; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c herald -n "__fish_herald_using_subcommand history; and __fish_seen_subcommand_from show" -l ledger -d 'File of the ledger [default: ledger.db in herald\'s state folder]' -r -F
complete -c herald -n "__fish_herald_using_subcommand history; and __fish_seen_subcommand_from show" -l profile -d 'Use this profile' -r
complete -c herald -n "__fish_herald_using_subcommand history; and __fish_seen_subcommand_from show" -l profiles -d 'Read the profiles from this file' -r -F
complete -c herald -n "__fish_herald_using_subcommand history; and __fish_seen_subcommand_from show" -l provider -d 'Use this provider, if no profile names one' -r
complete -c herald -n "__fish_herald_using_subcommand history; and __fish_seen_subcommand_from show" -l color -d 'Use colours [default: auto]' -r -f -a "auto\t'On a terminal that shows them'
always\t'Always'
never\t'Never'"
complete -c herald -n "__fish_herald_using_subcommand history; and __fish_seen_subcommand_from show" -l output -d 'Write results in this format [default: table]' -r -f -a "table\t'Tables and sentences'
json\t'One JSON document'
ndjson\t'One JSON document a line'"
complete -c herald -n "__fish_herald_using_subcommand history; and __fish_seen_subcommand_from show" -l sandbox -d 'Use the history of the sandbox'
complete -c herald -n "__fish_herald_using_subcommand history; and __fish_seen_subcommand_from show" -s v -l verbose -d 'Write each step to stderr, without secrets'
complete -c herald -n "__fish_herald_using_subcommand history; and __fish_seen_subcommand_from show" -s q -l quiet -d 'Write no warnings and no progress; errors and results stay'
complete -c herald -n "__fish_herald_using_subcommand history; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c herald -n "__fish_herald_using_subcommand history; and __fish_seen_subcommand_from resolve" -l targets -d 'Only the targets in this file; `-` is stdin' -r -F
complete -c herald -n "__fish_herald_using_subcommand history; and __fish_seen_subcommand_from resolve" -l column -d 'Column of a CSV that holds the targets' -r
complete -c herald -n "__fish_herald_using_subcommand history; and __fish_seen_subcommand_from resolve" -l form -d 'Format of the list, if its file name does not tell' -r -f -a "lines\t'A target a line'
csv\t'Comma-separated values with a header row'
ndjson\t'A JSON text a line'
json\t'A JSON array'"
complete -c herald -n "__fish_herald_using_subcommand history; and __fish_seen_subcommand_from resolve" -l encoding -d 'Encoding of the list' -r
complete -c herald -n "__fish_herald_using_subcommand history; and __fish_seen_subcommand_from resolve" -l vendor-id -d 'With --check: the vendor\'s id of the message' -r
complete -c herald -n "__fish_herald_using_subcommand history; and __fish_seen_subcommand_from resolve" -l note -d 'How you know it' -r
complete -c herald -n "__fish_herald_using_subcommand history; and __fish_seen_subcommand_from resolve" -l ledger -d 'File of the ledger [default: ledger.db in herald\'s state folder]' -r -F
complete -c herald -n "__fish_herald_using_subcommand history; and __fish_seen_subcommand_from resolve" -l profile -d 'Use this profile' -r
complete -c herald -n "__fish_herald_using_subcommand history; and __fish_seen_subcommand_from resolve" -l profiles -d 'Read the profiles from this file' -r -F
complete -c herald -n "__fish_herald_using_subcommand history; and __fish_seen_subcommand_from resolve" -l provider -d 'Use this provider, if no profile names one' -r
complete -c herald -n "__fish_herald_using_subcommand history; and __fish_seen_subcommand_from resolve" -l color -d 'Use colours [default: auto]' -r -f -a "auto\t'On a terminal that shows them'
always\t'Always'
never\t'Never'"
complete -c herald -n "__fish_herald_using_subcommand history; and __fish_seen_subcommand_from resolve" -l output -d 'Write results in this format [default: table]' -r -f -a "table\t'Tables and sentences'
json\t'One JSON document'
ndjson\t'One JSON document a line'"
complete -c herald -n "__fish_herald_using_subcommand history; and __fish_seen_subcommand_from resolve" -l accepted -d 'The vendor accepted it'
complete -c herald -n "__fish_herald_using_subcommand history; and __fish_seen_subcommand_from resolve" -l not-accepted -d 'The vendor did not accept it'
complete -c herald -n "__fish_herald_using_subcommand history; and __fish_seen_subcommand_from resolve" -l check -d 'Ask the vendor whether it has the message'
complete -c herald -n "__fish_herald_using_subcommand history; and __fish_seen_subcommand_from resolve" -l undo -d 'Make it unknown as before'
complete -c herald -n "__fish_herald_using_subcommand history; and __fish_seen_subcommand_from resolve" -l yes -d 'Resolve several targets without a question'
complete -c herald -n "__fish_herald_using_subcommand history; and __fish_seen_subcommand_from resolve" -l sandbox -d 'Use the history of the sandbox'
complete -c herald -n "__fish_herald_using_subcommand history; and __fish_seen_subcommand_from resolve" -s v -l verbose -d 'Write each step to stderr, without secrets'
complete -c herald -n "__fish_herald_using_subcommand history; and __fish_seen_subcommand_from resolve" -s q -l quiet -d 'Write no warnings and no progress; errors and results stay'
complete -c herald -n "__fish_herald_using_subcommand history; and __fish_seen_subcommand_from resolve" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c herald -n "__fish_herald_using_subcommand history; and __fish_seen_subcommand_from prune" -l older-than -d 'Age: 90d, 12h [default: keep_days of the profiles file, or 90d]' -r
complete -c herald -n "__fish_herald_using_subcommand history; and __fish_seen_subcommand_from prune" -l ledger -d 'File of the ledger [default: ledger.db in herald\'s state folder]' -r -F
complete -c herald -n "__fish_herald_using_subcommand history; and __fish_seen_subcommand_from prune" -l profile -d 'Use this profile' -r
complete -c herald -n "__fish_herald_using_subcommand history; and __fish_seen_subcommand_from prune" -l profiles -d 'Read the profiles from this file' -r -F
complete -c herald -n "__fish_herald_using_subcommand history; and __fish_seen_subcommand_from prune" -l provider -d 'Use this provider, if no profile names one' -r
complete -c herald -n "__fish_herald_using_subcommand history; and __fish_seen_subcommand_from prune" -l color -d 'Use colours [default: auto]' -r -f -a "auto\t'On a terminal that shows them'
always\t'Always'
never\t'Never'"
complete -c herald -n "__fish_herald_using_subcommand history; and __fish_seen_subcommand_from prune" -l output -d 'Write results in this format [default: table]' -r -f -a "table\t'Tables and sentences'
json\t'One JSON document'
ndjson\t'One JSON document a line'"
complete -c herald -n "__fish_herald_using_subcommand history; and __fish_seen_subcommand_from prune" -l unknown -d 'Also remove what is unknown'
complete -c herald -n "__fish_herald_using_subcommand history; and __fish_seen_subcommand_from prune" -l dry-run -d 'Remove nothing, and say how much it would be'
complete -c herald -n "__fish_herald_using_subcommand history; and __fish_seen_subcommand_from prune" -l sandbox -d 'Use the history of the sandbox'
complete -c herald -n "__fish_herald_using_subcommand history; and __fish_seen_subcommand_from prune" -s v -l verbose -d 'Write each step to stderr, without secrets'
complete -c herald -n "__fish_herald_using_subcommand history; and __fish_seen_subcommand_from prune" -s q -l quiet -d 'Write no warnings and no progress; errors and results stay'
complete -c herald -n "__fish_herald_using_subcommand history; and __fish_seen_subcommand_from prune" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c herald -n "__fish_herald_using_subcommand history; and __fish_seen_subcommand_from help" -f -a "list" -d 'List what was sent, latest first'
complete -c herald -n "__fish_herald_using_subcommand history; and __fish_seen_subcommand_from help" -f -a "show" -d 'Show everything about one message or job'
complete -c herald -n "__fish_herald_using_subcommand history; and __fish_seen_subcommand_from help" -f -a "resolve" -d 'Record the real outcome of what is unknown'
complete -c herald -n "__fish_herald_using_subcommand history; and __fish_seen_subcommand_from help" -f -a "prune" -d 'Remove old entries whose outcome is known'
complete -c herald -n "__fish_herald_using_subcommand history; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c herald -n "__fish_herald_using_subcommand recall" -l to -d 'Target of the message; repeatable' -r
complete -c herald -n "__fish_herald_using_subcommand recall" -l from -d 'Sender of the message, if the ledger does not have it' -r
complete -c herald -n "__fish_herald_using_subcommand recall" -l set -d 'Field: PATH=TEXT or PATH:=JSON; repeatable' -r
complete -c herald -n "__fish_herald_using_subcommand recall" -l dry-run -d 'Print the request and send nothing' -r -f -a "local\t'Inside herald'
server\t'At the vendor\'s own check, which delivers nothing'"
complete -c herald -n "__fish_herald_using_subcommand recall" -l nonce -d 'Nonce of a printed signature' -r
complete -c herald -n "__fish_herald_using_subcommand recall" -l timestamp -d 'Timestamp of a printed signature' -r
complete -c herald -n "__fish_herald_using_subcommand recall" -l deadline -d 'Stop after this time: 500ms, 30s, 2m, 1d [default: 30s]' -r
complete -c herald -n "__fish_herald_using_subcommand recall" -l cacert -d 'Trust the certificates in this PEM file, not the built-in ones' -r -F
complete -c herald -n "__fish_herald_using_subcommand recall" -l ledger -d 'File of the ledger [default: ledger.db in herald\'s state folder]' -r -F
complete -c herald -n "__fish_herald_using_subcommand recall" -l confirm -d 'Confirm a large audience by the profile\'s name' -r
complete -c herald -n "__fish_herald_using_subcommand recall" -l allow -d 'Ignore this lint rule; repeatable' -r
complete -c herald -n "__fish_herald_using_subcommand recall" -l override -d 'Bypass this guard; repeatable' -r
complete -c herald -n "__fish_herald_using_subcommand recall" -l job -d 'Recall all that this job has sent' -r
complete -c herald -n "__fish_herald_using_subcommand recall" -l targets -d 'Recall from the users in this file; `-` is stdin' -r -F
complete -c herald -n "__fish_herald_using_subcommand recall" -l column -d 'Column of a CSV that holds the targets' -r
complete -c herald -n "__fish_herald_using_subcommand recall" -l form -d 'Format of the list, if its file name does not tell' -r -f -a "lines\t'A target a line'
csv\t'Comma-separated values with a header row'
ndjson\t'A JSON text a line'
json\t'A JSON array'"
complete -c herald -n "__fish_herald_using_subcommand recall" -l encoding -d 'Encoding of the list' -r
complete -c herald -n "__fish_herald_using_subcommand recall" -l resume -d 'Continue what is left of a job of this command' -r
complete -c herald -n "__fish_herald_using_subcommand recall" -l concurrency -d 'Requests in flight at a time, at most [default: 16]' -r
complete -c herald -n "__fish_herald_using_subcommand recall" -l results -d 'Write the outcome of each target into this file' -r -F
complete -c herald -n "__fish_herald_using_subcommand recall" -l abort-above -d 'Stop if a larger share failed: 1% or 0.01' -r
complete -c herald -n "__fish_herald_using_subcommand recall" -l profile -d 'Use this profile' -r
complete -c herald -n "__fish_herald_using_subcommand recall" -l profiles -d 'Read the profiles from this file' -r -F
complete -c herald -n "__fish_herald_using_subcommand recall" -l provider -d 'Use this provider, if no profile names one' -r
complete -c herald -n "__fish_herald_using_subcommand recall" -l color -d 'Use colours [default: auto]' -r -f -a "auto\t'On a terminal that shows them'
always\t'Always'
never\t'Never'"
complete -c herald -n "__fish_herald_using_subcommand recall" -l output -d 'Write results in this format [default: table]' -r -f -a "table\t'Tables and sentences'
json\t'One JSON document'
ndjson\t'One JSON document a line'"
complete -c herald -n "__fish_herald_using_subcommand recall" -l last -d 'The last message that was sent'
complete -c herald -n "__fish_herald_using_subcommand recall" -l curl -d 'Print a curl command and send nothing'
complete -c herald -n "__fish_herald_using_subcommand recall" -l show-secrets -d 'Show the secrets that --dry-run and --curl hide'
complete -c herald -n "__fish_herald_using_subcommand recall" -l yes -d 'Answer yes to the question about many targets'
complete -c herald -n "__fish_herald_using_subcommand recall" -l sandbox -d 'Use the mock server inside herald'
complete -c herald -n "__fish_herald_using_subcommand recall" -l skip-invalid -d 'Leave out invalid entries, and recall the others'
complete -c herald -n "__fish_herald_using_subcommand recall" -s v -l verbose -d 'Write each step to stderr, without secrets'
complete -c herald -n "__fish_herald_using_subcommand recall" -s q -l quiet -d 'Write no warnings and no progress; errors and results stay'
complete -c herald -n "__fish_herald_using_subcommand recall" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c herald -n "__fish_herald_using_subcommand update" -l resume -d 'Continue what is left of a job of this command' -r
complete -c herald -n "__fish_herald_using_subcommand update" -l to -d 'Target: bob, user:bob, group:g1; repeatable' -r
complete -c herald -n "__fish_herald_using_subcommand update" -l from -d 'Sender' -r
complete -c herald -n "__fish_herald_using_subcommand update" -l text -d 'Text of the message' -r
complete -c herald -n "__fish_herald_using_subcommand update" -l text-file -d 'Text from this file in UTF-8; `-` is stdin' -r -F
complete -c herald -n "__fish_herald_using_subcommand update" -l image -d 'Picture: a URL, or a file to upload' -r -F
complete -c herald -n "__fish_herald_using_subcommand update" -l voice -d 'Voice message: a URL, or a file to upload' -r -F
complete -c herald -n "__fish_herald_using_subcommand update" -l video -d 'Video: a URL, or a file to upload' -r -F
complete -c herald -n "__fish_herald_using_subcommand update" -l file -d 'File: a URL, or a file to upload' -r -F
complete -c herald -n "__fish_herald_using_subcommand update" -l location -d 'Place in degrees: 39.9,116.4,Beijing' -r
complete -c herald -n "__fish_herald_using_subcommand update" -l command -d 'Command for the app; the user sees nothing' -r
complete -c herald -n "__fish_herald_using_subcommand update" -l title -d 'Title, if the vendor has one' -r
complete -c herald -n "__fish_herald_using_subcommand update" -l extra -d 'Data for the app; repeatable' -r
complete -c herald -n "__fish_herald_using_subcommand update" -l type -d 'Message type of the vendor, with --set' -r
complete -c herald -n "__fish_herald_using_subcommand update" -l set -d 'Field: PATH=TEXT or PATH:=JSON; repeatable' -r
complete -c herald -n "__fish_herald_using_subcommand update" -l body -d 'Whole request body from this file; `-` is stdin' -r -F
complete -c herald -n "__fish_herald_using_subcommand update" -l allow-path -d 'Allow attached files from this folder too; repeatable' -r -F
complete -c herald -n "__fish_herald_using_subcommand update" -l concurrency -d 'Requests in flight at a time, at most [default: 16]' -r
complete -c herald -n "__fish_herald_using_subcommand update" -l results -d 'Write the outcome of each target into this file' -r -F
complete -c herald -n "__fish_herald_using_subcommand update" -l abort-above -d 'Stop if a larger share failed: 1% or 0.01' -r
complete -c herald -n "__fish_herald_using_subcommand update" -l dry-run -d 'Print the request and send nothing' -r -f -a "local\t'Inside herald'
server\t'At the vendor\'s own check, which delivers nothing'"
complete -c herald -n "__fish_herald_using_subcommand update" -l nonce -d 'Nonce of a printed signature' -r
complete -c herald -n "__fish_herald_using_subcommand update" -l timestamp -d 'Timestamp of a printed signature' -r
complete -c herald -n "__fish_herald_using_subcommand update" -l deadline -d 'Stop after this time: 500ms, 30s, 2m, 1d [default: 30s]' -r
complete -c herald -n "__fish_herald_using_subcommand update" -l cacert -d 'Trust the certificates in this PEM file, not the built-in ones' -r -F
complete -c herald -n "__fish_herald_using_subcommand update" -l ledger -d 'File of the ledger [default: ledger.db in herald\'s state folder]' -r -F
complete -c herald -n "__fish_herald_using_subcommand update" -l confirm -d 'Confirm a large audience by the profile\'s name' -r
complete -c herald -n "__fish_herald_using_subcommand update" -l allow -d 'Ignore this lint rule; repeatable' -r
complete -c herald -n "__fish_herald_using_subcommand update" -l override -d 'Bypass this guard; repeatable' -r
complete -c herald -n "__fish_herald_using_subcommand update" -l profile -d 'Use this profile' -r
complete -c herald -n "__fish_herald_using_subcommand update" -l profiles -d 'Read the profiles from this file' -r -F
complete -c herald -n "__fish_herald_using_subcommand update" -l provider -d 'Use this provider, if no profile names one' -r
complete -c herald -n "__fish_herald_using_subcommand update" -l color -d 'Use colours [default: auto]' -r -f -a "auto\t'On a terminal that shows them'
always\t'Always'
never\t'Never'"
complete -c herald -n "__fish_herald_using_subcommand update" -l output -d 'Write results in this format [default: table]' -r -f -a "table\t'Tables and sentences'
json\t'One JSON document'
ndjson\t'One JSON document a line'"
complete -c herald -n "__fish_herald_using_subcommand update" -l last -d 'The last message that was sent'
complete -c herald -n "__fish_herald_using_subcommand update" -l allow-empty -d 'Allow a text or a title that shows nothing'
complete -c herald -n "__fish_herald_using_subcommand update" -l curl -d 'Print a curl command and send nothing'
complete -c herald -n "__fish_herald_using_subcommand update" -l show-secrets -d 'Show the secrets that --dry-run and --curl hide'
complete -c herald -n "__fish_herald_using_subcommand update" -l yes -d 'Answer yes to the question about many targets'
complete -c herald -n "__fish_herald_using_subcommand update" -l sandbox -d 'Use the mock server inside herald'
complete -c herald -n "__fish_herald_using_subcommand update" -s v -l verbose -d 'Write each step to stderr, without secrets'
complete -c herald -n "__fish_herald_using_subcommand update" -s q -l quiet -d 'Write no warnings and no progress; errors and results stay'
complete -c herald -n "__fish_herald_using_subcommand update" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c herald -n "__fish_herald_using_subcommand delete" -l to -d 'Target of the message; repeatable' -r
complete -c herald -n "__fish_herald_using_subcommand delete" -l from -d 'Sender of the message, if the ledger does not have it' -r
complete -c herald -n "__fish_herald_using_subcommand delete" -l set -d 'Field: PATH=TEXT or PATH:=JSON; repeatable' -r
complete -c herald -n "__fish_herald_using_subcommand delete" -l dry-run -d 'Print the request and send nothing' -r -f -a "local\t'Inside herald'
server\t'At the vendor\'s own check, which delivers nothing'"
complete -c herald -n "__fish_herald_using_subcommand delete" -l nonce -d 'Nonce of a printed signature' -r
complete -c herald -n "__fish_herald_using_subcommand delete" -l timestamp -d 'Timestamp of a printed signature' -r
complete -c herald -n "__fish_herald_using_subcommand delete" -l deadline -d 'Stop after this time: 500ms, 30s, 2m, 1d [default: 30s]' -r
complete -c herald -n "__fish_herald_using_subcommand delete" -l cacert -d 'Trust the certificates in this PEM file, not the built-in ones' -r -F
complete -c herald -n "__fish_herald_using_subcommand delete" -l ledger -d 'File of the ledger [default: ledger.db in herald\'s state folder]' -r -F
complete -c herald -n "__fish_herald_using_subcommand delete" -l confirm -d 'Confirm a large audience by the profile\'s name' -r
complete -c herald -n "__fish_herald_using_subcommand delete" -l allow -d 'Ignore this lint rule; repeatable' -r
complete -c herald -n "__fish_herald_using_subcommand delete" -l override -d 'Bypass this guard; repeatable' -r
complete -c herald -n "__fish_herald_using_subcommand delete" -l resume -d 'Continue what is left of a job of this command' -r
complete -c herald -n "__fish_herald_using_subcommand delete" -l concurrency -d 'Requests in flight at a time, at most [default: 16]' -r
complete -c herald -n "__fish_herald_using_subcommand delete" -l results -d 'Write the outcome of each target into this file' -r -F
complete -c herald -n "__fish_herald_using_subcommand delete" -l abort-above -d 'Stop if a larger share failed: 1% or 0.01' -r
complete -c herald -n "__fish_herald_using_subcommand delete" -l profile -d 'Use this profile' -r
complete -c herald -n "__fish_herald_using_subcommand delete" -l profiles -d 'Read the profiles from this file' -r -F
complete -c herald -n "__fish_herald_using_subcommand delete" -l provider -d 'Use this provider, if no profile names one' -r
complete -c herald -n "__fish_herald_using_subcommand delete" -l color -d 'Use colours [default: auto]' -r -f -a "auto\t'On a terminal that shows them'
always\t'Always'
never\t'Never'"
complete -c herald -n "__fish_herald_using_subcommand delete" -l output -d 'Write results in this format [default: table]' -r -f -a "table\t'Tables and sentences'
json\t'One JSON document'
ndjson\t'One JSON document a line'"
complete -c herald -n "__fish_herald_using_subcommand delete" -l last -d 'The last message that was sent'
complete -c herald -n "__fish_herald_using_subcommand delete" -l curl -d 'Print a curl command and send nothing'
complete -c herald -n "__fish_herald_using_subcommand delete" -l show-secrets -d 'Show the secrets that --dry-run and --curl hide'
complete -c herald -n "__fish_herald_using_subcommand delete" -l yes -d 'Answer yes to the question about many targets'
complete -c herald -n "__fish_herald_using_subcommand delete" -l sandbox -d 'Use the mock server inside herald'
complete -c herald -n "__fish_herald_using_subcommand delete" -s v -l verbose -d 'Write each step to stderr, without secrets'
complete -c herald -n "__fish_herald_using_subcommand delete" -s q -l quiet -d 'Write no warnings and no progress; errors and results stay'
complete -c herald -n "__fish_herald_using_subcommand delete" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c herald -n "__fish_herald_using_subcommand clear" -l to -d 'Target of the message; repeatable' -r
complete -c herald -n "__fish_herald_using_subcommand clear" -l from -d 'Sender of the message, if the ledger does not have it' -r
complete -c herald -n "__fish_herald_using_subcommand clear" -l set -d 'Field: PATH=TEXT or PATH:=JSON; repeatable' -r
complete -c herald -n "__fish_herald_using_subcommand clear" -l dry-run -d 'Print the request and send nothing' -r -f -a "local\t'Inside herald'
server\t'At the vendor\'s own check, which delivers nothing'"
complete -c herald -n "__fish_herald_using_subcommand clear" -l nonce -d 'Nonce of a printed signature' -r
complete -c herald -n "__fish_herald_using_subcommand clear" -l timestamp -d 'Timestamp of a printed signature' -r
complete -c herald -n "__fish_herald_using_subcommand clear" -l deadline -d 'Stop after this time: 500ms, 30s, 2m, 1d [default: 30s]' -r
complete -c herald -n "__fish_herald_using_subcommand clear" -l cacert -d 'Trust the certificates in this PEM file, not the built-in ones' -r -F
complete -c herald -n "__fish_herald_using_subcommand clear" -l ledger -d 'File of the ledger [default: ledger.db in herald\'s state folder]' -r -F
complete -c herald -n "__fish_herald_using_subcommand clear" -l confirm -d 'Confirm a large audience by the profile\'s name' -r
complete -c herald -n "__fish_herald_using_subcommand clear" -l allow -d 'Ignore this lint rule; repeatable' -r
complete -c herald -n "__fish_herald_using_subcommand clear" -l override -d 'Bypass this guard; repeatable' -r
complete -c herald -n "__fish_herald_using_subcommand clear" -l resume -d 'Continue what is left of a job of this command' -r
complete -c herald -n "__fish_herald_using_subcommand clear" -l concurrency -d 'Requests in flight at a time, at most [default: 16]' -r
complete -c herald -n "__fish_herald_using_subcommand clear" -l results -d 'Write the outcome of each target into this file' -r -F
complete -c herald -n "__fish_herald_using_subcommand clear" -l abort-above -d 'Stop if a larger share failed: 1% or 0.01' -r
complete -c herald -n "__fish_herald_using_subcommand clear" -l profile -d 'Use this profile' -r
complete -c herald -n "__fish_herald_using_subcommand clear" -l profiles -d 'Read the profiles from this file' -r -F
complete -c herald -n "__fish_herald_using_subcommand clear" -l provider -d 'Use this provider, if no profile names one' -r
complete -c herald -n "__fish_herald_using_subcommand clear" -l color -d 'Use colours [default: auto]' -r -f -a "auto\t'On a terminal that shows them'
always\t'Always'
never\t'Never'"
complete -c herald -n "__fish_herald_using_subcommand clear" -l output -d 'Write results in this format [default: table]' -r -f -a "table\t'Tables and sentences'
json\t'One JSON document'
ndjson\t'One JSON document a line'"
complete -c herald -n "__fish_herald_using_subcommand clear" -l last -d 'The last message that was sent'
complete -c herald -n "__fish_herald_using_subcommand clear" -l curl -d 'Print a curl command and send nothing'
complete -c herald -n "__fish_herald_using_subcommand clear" -l show-secrets -d 'Show the secrets that --dry-run and --curl hide'
complete -c herald -n "__fish_herald_using_subcommand clear" -l yes -d 'Answer yes to the question about many targets'
complete -c herald -n "__fish_herald_using_subcommand clear" -l sandbox -d 'Use the mock server inside herald'
complete -c herald -n "__fish_herald_using_subcommand clear" -s v -l verbose -d 'Write each step to stderr, without secrets'
complete -c herald -n "__fish_herald_using_subcommand clear" -s q -l quiet -d 'Write no warnings and no progress; errors and results stay'
complete -c herald -n "__fish_herald_using_subcommand clear" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c herald -n "__fish_herald_using_subcommand get" -l to -d 'Target of the message; repeatable' -r
complete -c herald -n "__fish_herald_using_subcommand get" -l from -d 'Sender of the message, if the ledger does not have it' -r
complete -c herald -n "__fish_herald_using_subcommand get" -l set -d 'Field: PATH=TEXT or PATH:=JSON; repeatable' -r
complete -c herald -n "__fish_herald_using_subcommand get" -l dry-run -d 'Print the request and send nothing' -r -f -a "local\t'Inside herald'
server\t'At the vendor\'s own check, which delivers nothing'"
complete -c herald -n "__fish_herald_using_subcommand get" -l nonce -d 'Nonce of a printed signature' -r
complete -c herald -n "__fish_herald_using_subcommand get" -l timestamp -d 'Timestamp of a printed signature' -r
complete -c herald -n "__fish_herald_using_subcommand get" -l deadline -d 'Stop after this time: 500ms, 30s, 2m, 1d [default: 30s]' -r
complete -c herald -n "__fish_herald_using_subcommand get" -l cacert -d 'Trust the certificates in this PEM file, not the built-in ones' -r -F
complete -c herald -n "__fish_herald_using_subcommand get" -l ledger -d 'File of the ledger [default: ledger.db in herald\'s state folder]' -r -F
complete -c herald -n "__fish_herald_using_subcommand get" -l confirm -d 'Confirm a large audience by the profile\'s name' -r
complete -c herald -n "__fish_herald_using_subcommand get" -l allow -d 'Ignore this lint rule; repeatable' -r
complete -c herald -n "__fish_herald_using_subcommand get" -l override -d 'Bypass this guard; repeatable' -r
complete -c herald -n "__fish_herald_using_subcommand get" -l profile -d 'Use this profile' -r
complete -c herald -n "__fish_herald_using_subcommand get" -l profiles -d 'Read the profiles from this file' -r -F
complete -c herald -n "__fish_herald_using_subcommand get" -l provider -d 'Use this provider, if no profile names one' -r
complete -c herald -n "__fish_herald_using_subcommand get" -l color -d 'Use colours [default: auto]' -r -f -a "auto\t'On a terminal that shows them'
always\t'Always'
never\t'Never'"
complete -c herald -n "__fish_herald_using_subcommand get" -l output -d 'Write results in this format [default: table]' -r -f -a "table\t'Tables and sentences'
json\t'One JSON document'
ndjson\t'One JSON document a line'"
complete -c herald -n "__fish_herald_using_subcommand get" -l last -d 'The last message that was sent'
complete -c herald -n "__fish_herald_using_subcommand get" -l curl -d 'Print a curl command and send nothing'
complete -c herald -n "__fish_herald_using_subcommand get" -l show-secrets -d 'Show the secrets that --dry-run and --curl hide'
complete -c herald -n "__fish_herald_using_subcommand get" -l yes -d 'Answer yes to the question about many targets'
complete -c herald -n "__fish_herald_using_subcommand get" -l sandbox -d 'Use the mock server inside herald'
complete -c herald -n "__fish_herald_using_subcommand get" -s v -l verbose -d 'Write each step to stderr, without secrets'
complete -c herald -n "__fish_herald_using_subcommand get" -s q -l quiet -d 'Write no warnings and no progress; errors and results stay'
complete -c herald -n "__fish_herald_using_subcommand get" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c herald -n "__fish_herald_using_subcommand status" -l to -d 'Target of the message; repeatable' -r
complete -c herald -n "__fish_herald_using_subcommand status" -l from -d 'Sender of the message, if the ledger does not have it' -r
complete -c herald -n "__fish_herald_using_subcommand status" -l set -d 'Field: PATH=TEXT or PATH:=JSON; repeatable' -r
complete -c herald -n "__fish_herald_using_subcommand status" -l dry-run -d 'Print the request and send nothing' -r -f -a "local\t'Inside herald'
server\t'At the vendor\'s own check, which delivers nothing'"
complete -c herald -n "__fish_herald_using_subcommand status" -l nonce -d 'Nonce of a printed signature' -r
complete -c herald -n "__fish_herald_using_subcommand status" -l timestamp -d 'Timestamp of a printed signature' -r
complete -c herald -n "__fish_herald_using_subcommand status" -l deadline -d 'Stop after this time: 500ms, 30s, 2m, 1d [default: 30s]' -r
complete -c herald -n "__fish_herald_using_subcommand status" -l cacert -d 'Trust the certificates in this PEM file, not the built-in ones' -r -F
complete -c herald -n "__fish_herald_using_subcommand status" -l ledger -d 'File of the ledger [default: ledger.db in herald\'s state folder]' -r -F
complete -c herald -n "__fish_herald_using_subcommand status" -l confirm -d 'Confirm a large audience by the profile\'s name' -r
complete -c herald -n "__fish_herald_using_subcommand status" -l allow -d 'Ignore this lint rule; repeatable' -r
complete -c herald -n "__fish_herald_using_subcommand status" -l override -d 'Bypass this guard; repeatable' -r
complete -c herald -n "__fish_herald_using_subcommand status" -l profile -d 'Use this profile' -r
complete -c herald -n "__fish_herald_using_subcommand status" -l profiles -d 'Read the profiles from this file' -r -F
complete -c herald -n "__fish_herald_using_subcommand status" -l provider -d 'Use this provider, if no profile names one' -r
complete -c herald -n "__fish_herald_using_subcommand status" -l color -d 'Use colours [default: auto]' -r -f -a "auto\t'On a terminal that shows them'
always\t'Always'
never\t'Never'"
complete -c herald -n "__fish_herald_using_subcommand status" -l output -d 'Write results in this format [default: table]' -r -f -a "table\t'Tables and sentences'
json\t'One JSON document'
ndjson\t'One JSON document a line'"
complete -c herald -n "__fish_herald_using_subcommand status" -l last -d 'The last message that was sent'
complete -c herald -n "__fish_herald_using_subcommand status" -l curl -d 'Print a curl command and send nothing'
complete -c herald -n "__fish_herald_using_subcommand status" -l show-secrets -d 'Show the secrets that --dry-run and --curl hide'
complete -c herald -n "__fish_herald_using_subcommand status" -l yes -d 'Answer yes to the question about many targets'
complete -c herald -n "__fish_herald_using_subcommand status" -l sandbox -d 'Use the mock server inside herald'
complete -c herald -n "__fish_herald_using_subcommand status" -s v -l verbose -d 'Write each step to stderr, without secrets'
complete -c herald -n "__fish_herald_using_subcommand status" -s q -l quiet -d 'Write no warnings and no progress; errors and results stay'
complete -c herald -n "__fish_herald_using_subcommand status" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c herald -n "__fish_herald_using_subcommand jobs" -l limit -d 'List at most this many jobs [default: 20]' -r
complete -c herald -n "__fish_herald_using_subcommand jobs" -l ledger -d 'File of the ledger [default: ledger.db in herald\'s state folder]' -r -F
complete -c herald -n "__fish_herald_using_subcommand jobs" -l profile -d 'Use this profile' -r
complete -c herald -n "__fish_herald_using_subcommand jobs" -l profiles -d 'Read the profiles from this file' -r -F
complete -c herald -n "__fish_herald_using_subcommand jobs" -l provider -d 'Use this provider, if no profile names one' -r
complete -c herald -n "__fish_herald_using_subcommand jobs" -l color -d 'Use colours [default: auto]' -r -f -a "auto\t'On a terminal that shows them'
always\t'Always'
never\t'Never'"
complete -c herald -n "__fish_herald_using_subcommand jobs" -l output -d 'Write results in this format [default: table]' -r -f -a "table\t'Tables and sentences'
json\t'One JSON document'
ndjson\t'One JSON document a line'"
complete -c herald -n "__fish_herald_using_subcommand jobs" -l watch -d 'Update the list each second, until no job runs'
complete -c herald -n "__fish_herald_using_subcommand jobs" -l sandbox -d 'List the jobs of the sandbox'
complete -c herald -n "__fish_herald_using_subcommand jobs" -s v -l verbose -d 'Write each step to stderr, without secrets'
complete -c herald -n "__fish_herald_using_subcommand jobs" -s q -l quiet -d 'Write no warnings and no progress; errors and results stay'
complete -c herald -n "__fish_herald_using_subcommand jobs" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c herald -n "__fish_herald_using_subcommand stop" -l ledger -d 'File of the ledger [default: ledger.db in herald\'s state folder]' -r -F
complete -c herald -n "__fish_herald_using_subcommand stop" -l profile -d 'Use this profile' -r
complete -c herald -n "__fish_herald_using_subcommand stop" -l profiles -d 'Read the profiles from this file' -r -F
complete -c herald -n "__fish_herald_using_subcommand stop" -l provider -d 'Use this provider, if no profile names one' -r
complete -c herald -n "__fish_herald_using_subcommand stop" -l color -d 'Use colours [default: auto]' -r -f -a "auto\t'On a terminal that shows them'
always\t'Always'
never\t'Never'"
complete -c herald -n "__fish_herald_using_subcommand stop" -l output -d 'Write results in this format [default: table]' -r -f -a "table\t'Tables and sentences'
json\t'One JSON document'
ndjson\t'One JSON document a line'"
complete -c herald -n "__fish_herald_using_subcommand stop" -l sandbox -d 'Stop a job of the sandbox'
complete -c herald -n "__fish_herald_using_subcommand stop" -s v -l verbose -d 'Write each step to stderr, without secrets'
complete -c herald -n "__fish_herald_using_subcommand stop" -s q -l quiet -d 'Write no warnings and no progress; errors and results stay'
complete -c herald -n "__fish_herald_using_subcommand stop" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c herald -n "__fish_herald_using_subcommand apply" -l concurrency -d 'Requests in flight at a time, at most [default: 16]' -r
complete -c herald -n "__fish_herald_using_subcommand apply" -l results -d 'Write the outcome of each target into this file' -r -F
complete -c herald -n "__fish_herald_using_subcommand apply" -l abort-above -d 'Stop if a larger share failed: 1% or 0.01' -r
complete -c herald -n "__fish_herald_using_subcommand apply" -l dry-run -d 'Print the request and send nothing' -r -f -a "local\t'Inside herald'
server\t'At the vendor\'s own check, which delivers nothing'"
complete -c herald -n "__fish_herald_using_subcommand apply" -l nonce -d 'Nonce of a printed signature' -r
complete -c herald -n "__fish_herald_using_subcommand apply" -l timestamp -d 'Timestamp of a printed signature' -r
complete -c herald -n "__fish_herald_using_subcommand apply" -l deadline -d 'Stop after this time: 500ms, 30s, 2m, 1d [default: 30s]' -r
complete -c herald -n "__fish_herald_using_subcommand apply" -l cacert -d 'Trust the certificates in this PEM file, not the built-in ones' -r -F
complete -c herald -n "__fish_herald_using_subcommand apply" -l ledger -d 'File of the ledger [default: ledger.db in herald\'s state folder]' -r -F
complete -c herald -n "__fish_herald_using_subcommand apply" -l confirm -d 'Confirm a large audience by the profile\'s name' -r
complete -c herald -n "__fish_herald_using_subcommand apply" -l allow -d 'Ignore this lint rule; repeatable' -r
complete -c herald -n "__fish_herald_using_subcommand apply" -l override -d 'Bypass this guard; repeatable' -r
complete -c herald -n "__fish_herald_using_subcommand apply" -l profile -d 'Use this profile' -r
complete -c herald -n "__fish_herald_using_subcommand apply" -l profiles -d 'Read the profiles from this file' -r -F
complete -c herald -n "__fish_herald_using_subcommand apply" -l provider -d 'Use this provider, if no profile names one' -r
complete -c herald -n "__fish_herald_using_subcommand apply" -l color -d 'Use colours [default: auto]' -r -f -a "auto\t'On a terminal that shows them'
always\t'Always'
never\t'Never'"
complete -c herald -n "__fish_herald_using_subcommand apply" -l output -d 'Write results in this format [default: table]' -r -f -a "table\t'Tables and sentences'
json\t'One JSON document'
ndjson\t'One JSON document a line'"
complete -c herald -n "__fish_herald_using_subcommand apply" -l curl -d 'Print a curl command and send nothing'
complete -c herald -n "__fish_herald_using_subcommand apply" -l show-secrets -d 'Show the secrets that --dry-run and --curl hide'
complete -c herald -n "__fish_herald_using_subcommand apply" -l yes -d 'Answer yes to the question about many targets'
complete -c herald -n "__fish_herald_using_subcommand apply" -l sandbox -d 'Use the mock server inside herald'
complete -c herald -n "__fish_herald_using_subcommand apply" -s v -l verbose -d 'Write each step to stderr, without secrets'
complete -c herald -n "__fish_herald_using_subcommand apply" -s q -l quiet -d 'Write no warnings and no progress; errors and results stay'
complete -c herald -n "__fish_herald_using_subcommand apply" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c herald -n "__fish_herald_using_subcommand validate" -l as -d 'Operation of the payloads; repeatable' -r
complete -c herald -n "__fish_herald_using_subcommand validate" -l exclude -d 'Leave out matching files of folders; repeatable' -r
complete -c herald -n "__fish_herald_using_subcommand validate" -l allow -d 'Ignore this rule, as jpush-v2/V2-13; repeatable' -r
complete -c herald -n "__fish_herald_using_subcommand validate" -l report -d 'Also write a report into this file; repeatable' -r -a "human= concise= json= ndjson= sarif= junit= github= gitlab= markdown="
complete -c herald -n "__fish_herald_using_subcommand validate" -l fail-on -d 'Lowest severity that makes the run fail' -r -f -a "error\t'Errors'
warning\t'Errors and warnings'"
complete -c herald -n "__fish_herald_using_subcommand validate" -l baseline -d 'Leave out the findings in this baseline' -r -F
complete -c herald -n "__fish_herald_using_subcommand validate" -l write-baseline -d 'Write all findings into this baseline' -r -F
complete -c herald -n "__fish_herald_using_subcommand validate" -l max-findings -d 'Show at most this many findings, errors first; count the rest' -r
complete -c herald -n "__fish_herald_using_subcommand validate" -l allow-path -d 'Follow named links into this folder too; repeatable' -r -F
complete -c herald -n "__fish_herald_using_subcommand validate" -l profile -d 'Use this profile' -r
complete -c herald -n "__fish_herald_using_subcommand validate" -l profiles -d 'Read the profiles from this file' -r -F
complete -c herald -n "__fish_herald_using_subcommand validate" -l provider -d 'Use this provider, if no profile names one' -r
complete -c herald -n "__fish_herald_using_subcommand validate" -l color -d 'Use colours [default: auto]' -r -f -a "auto\t'On a terminal that shows them'
always\t'Always'
never\t'Never'"
complete -c herald -n "__fish_herald_using_subcommand validate" -l output -d 'Write results in this format [default: table]' -r -f -a "table\t'Tables and sentences'
concise\t'One line a finding'
json\t'One JSON document'
ndjson\t'One JSON document a line'
sarif\t'SARIF 2.1.0'
junit\t'JUnit XML'
github\t'GitHub workflow commands'
gitlab\t'GitLab Code Quality'
markdown\t'Markdown tables, as for $GITHUB_STEP_SUMMARY'"
complete -c herald -n "__fish_herald_using_subcommand validate" -l statistics -d 'Also show how many findings each rule has'
complete -c herald -n "__fish_herald_using_subcommand validate" -s v -l verbose -d 'Write each step to stderr, without secrets'
complete -c herald -n "__fish_herald_using_subcommand validate" -s q -l quiet -d 'Write no warnings and no progress; errors and results stay'
complete -c herald -n "__fish_herald_using_subcommand validate" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c herald -n "__fish_herald_using_subcommand init" -l profile -d 'Use this profile' -r
complete -c herald -n "__fish_herald_using_subcommand init" -l profiles -d 'Read the profiles from this file' -r -F
complete -c herald -n "__fish_herald_using_subcommand init" -l provider -d 'Use this provider, if no profile names one' -r
complete -c herald -n "__fish_herald_using_subcommand init" -l color -d 'Use colours [default: auto]' -r -f -a "auto\t'On a terminal that shows them'
always\t'Always'
never\t'Never'"
complete -c herald -n "__fish_herald_using_subcommand init" -l output -d 'Write results in this format [default: table]' -r -f -a "table\t'Tables and sentences'
json\t'One JSON document'
ndjson\t'One JSON document a line'"
complete -c herald -n "__fish_herald_using_subcommand init" -s v -l verbose -d 'Write each step to stderr, without secrets'
complete -c herald -n "__fish_herald_using_subcommand init" -s q -l quiet -d 'Write no warnings and no progress; errors and results stay'
complete -c herald -n "__fish_herald_using_subcommand init" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c herald -n "__fish_herald_using_subcommand explain" -l profile -d 'Use this profile' -r
complete -c herald -n "__fish_herald_using_subcommand explain" -l profiles -d 'Read the profiles from this file' -r -F
complete -c herald -n "__fish_herald_using_subcommand explain" -l provider -d 'Use this provider, if no profile names one' -r
complete -c herald -n "__fish_herald_using_subcommand explain" -l color -d 'Use colours [default: auto]' -r -f -a "auto\t'On a terminal that shows them'
always\t'Always'
never\t'Never'"
complete -c herald -n "__fish_herald_using_subcommand explain" -l output -d 'Write results in this format [default: table]' -r -f -a "table\t'Tables and sentences'
json\t'One JSON document'
ndjson\t'One JSON document a line'"
complete -c herald -n "__fish_herald_using_subcommand explain" -s v -l verbose -d 'Write each step to stderr, without secrets'
complete -c herald -n "__fish_herald_using_subcommand explain" -s q -l quiet -d 'Write no warnings and no progress; errors and results stay'
complete -c herald -n "__fish_herald_using_subcommand explain" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c herald -n "__fish_herald_using_subcommand providers" -l profile -d 'Use this profile' -r
complete -c herald -n "__fish_herald_using_subcommand providers" -l profiles -d 'Read the profiles from this file' -r -F
complete -c herald -n "__fish_herald_using_subcommand providers" -l provider -d 'Use this provider, if no profile names one' -r
complete -c herald -n "__fish_herald_using_subcommand providers" -l color -d 'Use colours [default: auto]' -r -f -a "auto\t'On a terminal that shows them'
always\t'Always'
never\t'Never'"
complete -c herald -n "__fish_herald_using_subcommand providers" -l output -d 'Write results in this format [default: table]' -r -f -a "table\t'Tables and sentences'
json\t'One JSON document'
ndjson\t'One JSON document a line'"
complete -c herald -n "__fish_herald_using_subcommand providers" -l matrix -d 'Show what each vendor makes of --text, --image, --to and so on'
complete -c herald -n "__fish_herald_using_subcommand providers" -s v -l verbose -d 'Write each step to stderr, without secrets'
complete -c herald -n "__fish_herald_using_subcommand providers" -s q -l quiet -d 'Write no warnings and no progress; errors and results stay'
complete -c herald -n "__fish_herald_using_subcommand providers" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c herald -n "__fish_herald_using_subcommand schema" -l all -d 'Write every schema as DIR/PROVIDER/NAME.json' -r -F
complete -c herald -n "__fish_herald_using_subcommand schema" -l profile -d 'Use this profile' -r
complete -c herald -n "__fish_herald_using_subcommand schema" -l profiles -d 'Read the profiles from this file' -r -F
complete -c herald -n "__fish_herald_using_subcommand schema" -l provider -d 'Use this provider, if no profile names one' -r
complete -c herald -n "__fish_herald_using_subcommand schema" -l color -d 'Use colours [default: auto]' -r -f -a "auto\t'On a terminal that shows them'
always\t'Always'
never\t'Never'"
complete -c herald -n "__fish_herald_using_subcommand schema" -l output -d 'Write results in this format [default: table]' -r -f -a "table\t'Tables and sentences'
json\t'One JSON document'
ndjson\t'One JSON document a line'"
complete -c herald -n "__fish_herald_using_subcommand schema" -s v -l verbose -d 'Write each step to stderr, without secrets'
complete -c herald -n "__fish_herald_using_subcommand schema" -s q -l quiet -d 'Write no warnings and no progress; errors and results stay'
complete -c herald -n "__fish_herald_using_subcommand schema" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c herald -n "__fish_herald_using_subcommand sign" -l body -d 'Request body from this file; `-` is stdin' -r -F
complete -c herald -n "__fish_herald_using_subcommand sign" -l allow-path -d 'Allow attached files and links in this folder too; repeatable' -r -F
complete -c herald -n "__fish_herald_using_subcommand sign" -l set -d 'Field: PATH=TEXT or PATH:=JSON; repeatable' -r
complete -c herald -n "__fish_herald_using_subcommand sign" -l verify -d 'Check this signature: exit code 0 if right, 1 if not' -r
complete -c herald -n "__fish_herald_using_subcommand sign" -l nonce -d 'Nonce instead of a random one' -r
complete -c herald -n "__fish_herald_using_subcommand sign" -l timestamp -d 'Timestamp as the vendor writes it, instead of now' -r
complete -c herald -n "__fish_herald_using_subcommand sign" -l profile -d 'Use this profile' -r
complete -c herald -n "__fish_herald_using_subcommand sign" -l profiles -d 'Read the profiles from this file' -r -F
complete -c herald -n "__fish_herald_using_subcommand sign" -l provider -d 'Use this provider, if no profile names one' -r
complete -c herald -n "__fish_herald_using_subcommand sign" -l color -d 'Use colours [default: auto]' -r -f -a "auto\t'On a terminal that shows them'
always\t'Always'
never\t'Never'"
complete -c herald -n "__fish_herald_using_subcommand sign" -l output -d 'Write results in this format [default: table]' -r -f -a "table\t'Tables and sentences'
json\t'One JSON document'
ndjson\t'One JSON document a line'"
complete -c herald -n "__fish_herald_using_subcommand sign" -l explain -d 'Show each part that is hashed'
complete -c herald -n "__fish_herald_using_subcommand sign" -l show-secrets -d 'Show the secret in --explain'
complete -c herald -n "__fish_herald_using_subcommand sign" -s v -l verbose -d 'Write each step to stderr, without secrets'
complete -c herald -n "__fish_herald_using_subcommand sign" -s q -l quiet -d 'Write no warnings and no progress; errors and results stay'
complete -c herald -n "__fish_herald_using_subcommand sign" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c herald -n "__fish_herald_using_subcommand profile; and not __fish_seen_subcommand_from init list show check help" -l profile -d 'Use this profile' -r
complete -c herald -n "__fish_herald_using_subcommand profile; and not __fish_seen_subcommand_from init list show check help" -l profiles -d 'Read the profiles from this file' -r -F
complete -c herald -n "__fish_herald_using_subcommand profile; and not __fish_seen_subcommand_from init list show check help" -l provider -d 'Use this provider, if no profile names one' -r
complete -c herald -n "__fish_herald_using_subcommand profile; and not __fish_seen_subcommand_from init list show check help" -l color -d 'Use colours [default: auto]' -r -f -a "auto\t'On a terminal that shows them'
always\t'Always'
never\t'Never'"
complete -c herald -n "__fish_herald_using_subcommand profile; and not __fish_seen_subcommand_from init list show check help" -l output -d 'Write results in this format [default: table]' -r -f -a "table\t'Tables and sentences'
json\t'One JSON document'
ndjson\t'One JSON document a line'"
complete -c herald -n "__fish_herald_using_subcommand profile; and not __fish_seen_subcommand_from init list show check help" -s v -l verbose -d 'Write each step to stderr, without secrets'
complete -c herald -n "__fish_herald_using_subcommand profile; and not __fish_seen_subcommand_from init list show check help" -s q -l quiet -d 'Write no warnings and no progress; errors and results stay'
complete -c herald -n "__fish_herald_using_subcommand profile; and not __fish_seen_subcommand_from init list show check help" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c herald -n "__fish_herald_using_subcommand profile; and not __fish_seen_subcommand_from init list show check help" -f -a "init" -d 'Make a profile: ask for its values, and add it to the profiles file'
complete -c herald -n "__fish_herald_using_subcommand profile; and not __fish_seen_subcommand_from init list show check help" -f -a "list" -d 'List the profiles'
complete -c herald -n "__fish_herald_using_subcommand profile; and not __fish_seen_subcommand_from init list show check help" -f -a "show" -d 'Show a profile without its secrets, and the source of each value'
complete -c herald -n "__fish_herald_using_subcommand profile; and not __fish_seen_subcommand_from init list show check help" -f -a "check" -d 'Check that profiles can be used'
complete -c herald -n "__fish_herald_using_subcommand profile; and not __fish_seen_subcommand_from init list show check help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c herald -n "__fish_herald_using_subcommand profile; and __fish_seen_subcommand_from init" -l set -d 'Value of a key that is no secret; repeatable' -r
complete -c herald -n "__fish_herald_using_subcommand profile; and __fish_seen_subcommand_from init" -l secret-env -d 'Environment variable with the value of a key; repeatable' -r
complete -c herald -n "__fish_herald_using_subcommand profile; and __fish_seen_subcommand_from init" -l profile -d 'Use this profile' -r
complete -c herald -n "__fish_herald_using_subcommand profile; and __fish_seen_subcommand_from init" -l profiles -d 'Read the profiles from this file' -r -F
complete -c herald -n "__fish_herald_using_subcommand profile; and __fish_seen_subcommand_from init" -l provider -d 'Use this provider, if no profile names one' -r
complete -c herald -n "__fish_herald_using_subcommand profile; and __fish_seen_subcommand_from init" -l color -d 'Use colours [default: auto]' -r -f -a "auto\t'On a terminal that shows them'
always\t'Always'
never\t'Never'"
complete -c herald -n "__fish_herald_using_subcommand profile; and __fish_seen_subcommand_from init" -l output -d 'Write results in this format [default: table]' -r -f -a "table\t'Tables and sentences'
json\t'One JSON document'
ndjson\t'One JSON document a line'"
complete -c herald -n "__fish_herald_using_subcommand profile; and __fish_seen_subcommand_from init" -l default -d 'Make it the default, which commands without --profile use'
complete -c herald -n "__fish_herald_using_subcommand profile; and __fish_seen_subcommand_from init" -s v -l verbose -d 'Write each step to stderr, without secrets'
complete -c herald -n "__fish_herald_using_subcommand profile; and __fish_seen_subcommand_from init" -s q -l quiet -d 'Write no warnings and no progress; errors and results stay'
complete -c herald -n "__fish_herald_using_subcommand profile; and __fish_seen_subcommand_from init" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c herald -n "__fish_herald_using_subcommand profile; and __fish_seen_subcommand_from list" -l profile -d 'Use this profile' -r
complete -c herald -n "__fish_herald_using_subcommand profile; and __fish_seen_subcommand_from list" -l profiles -d 'Read the profiles from this file' -r -F
complete -c herald -n "__fish_herald_using_subcommand profile; and __fish_seen_subcommand_from list" -l provider -d 'Use this provider, if no profile names one' -r
complete -c herald -n "__fish_herald_using_subcommand profile; and __fish_seen_subcommand_from list" -l color -d 'Use colours [default: auto]' -r -f -a "auto\t'On a terminal that shows them'
always\t'Always'
never\t'Never'"
complete -c herald -n "__fish_herald_using_subcommand profile; and __fish_seen_subcommand_from list" -l output -d 'Write results in this format [default: table]' -r -f -a "table\t'Tables and sentences'
json\t'One JSON document'
ndjson\t'One JSON document a line'"
complete -c herald -n "__fish_herald_using_subcommand profile; and __fish_seen_subcommand_from list" -s v -l verbose -d 'Write each step to stderr, without secrets'
complete -c herald -n "__fish_herald_using_subcommand profile; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Write no warnings and no progress; errors and results stay'
complete -c herald -n "__fish_herald_using_subcommand profile; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c herald -n "__fish_herald_using_subcommand profile; and __fish_seen_subcommand_from show" -l profile -d 'Use this profile' -r
complete -c herald -n "__fish_herald_using_subcommand profile; and __fish_seen_subcommand_from show" -l profiles -d 'Read the profiles from this file' -r -F
complete -c herald -n "__fish_herald_using_subcommand profile; and __fish_seen_subcommand_from show" -l provider -d 'Use this provider, if no profile names one' -r
complete -c herald -n "__fish_herald_using_subcommand profile; and __fish_seen_subcommand_from show" -l color -d 'Use colours [default: auto]' -r -f -a "auto\t'On a terminal that shows them'
always\t'Always'
never\t'Never'"
complete -c herald -n "__fish_herald_using_subcommand profile; and __fish_seen_subcommand_from show" -l output -d 'Write results in this format [default: table]' -r -f -a "table\t'Tables and sentences'
json\t'One JSON document'
ndjson\t'One JSON document a line'"
complete -c herald -n "__fish_herald_using_subcommand profile; and __fish_seen_subcommand_from show" -s v -l verbose -d 'Write each step to stderr, without secrets'
complete -c herald -n "__fish_herald_using_subcommand profile; and __fish_seen_subcommand_from show" -s q -l quiet -d 'Write no warnings and no progress; errors and results stay'
complete -c herald -n "__fish_herald_using_subcommand profile; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c herald -n "__fish_herald_using_subcommand profile; and __fish_seen_subcommand_from check" -l deadline -d 'Stop waiting for the vendor after this time [default: 30s]' -r
complete -c herald -n "__fish_herald_using_subcommand profile; and __fish_seen_subcommand_from check" -l profile -d 'Use this profile' -r
complete -c herald -n "__fish_herald_using_subcommand profile; and __fish_seen_subcommand_from check" -l profiles -d 'Read the profiles from this file' -r -F
complete -c herald -n "__fish_herald_using_subcommand profile; and __fish_seen_subcommand_from check" -l provider -d 'Use this provider, if no profile names one' -r
complete -c herald -n "__fish_herald_using_subcommand profile; and __fish_seen_subcommand_from check" -l color -d 'Use colours [default: auto]' -r -f -a "auto\t'On a terminal that shows them'
always\t'Always'
never\t'Never'"
complete -c herald -n "__fish_herald_using_subcommand profile; and __fish_seen_subcommand_from check" -l output -d 'Write results in this format [default: table]' -r -f -a "table\t'Tables and sentences'
json\t'One JSON document'
ndjson\t'One JSON document a line'"
complete -c herald -n "__fish_herald_using_subcommand profile; and __fish_seen_subcommand_from check" -l online -d 'Also ask the vendor, with a call that changes nothing'
complete -c herald -n "__fish_herald_using_subcommand profile; and __fish_seen_subcommand_from check" -s v -l verbose -d 'Write each step to stderr, without secrets'
complete -c herald -n "__fish_herald_using_subcommand profile; and __fish_seen_subcommand_from check" -s q -l quiet -d 'Write no warnings and no progress; errors and results stay'
complete -c herald -n "__fish_herald_using_subcommand profile; and __fish_seen_subcommand_from check" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c herald -n "__fish_herald_using_subcommand profile; and __fish_seen_subcommand_from help" -f -a "init" -d 'Make a profile: ask for its values, and add it to the profiles file'
complete -c herald -n "__fish_herald_using_subcommand profile; and __fish_seen_subcommand_from help" -f -a "list" -d 'List the profiles'
complete -c herald -n "__fish_herald_using_subcommand profile; and __fish_seen_subcommand_from help" -f -a "show" -d 'Show a profile without its secrets, and the source of each value'
complete -c herald -n "__fish_herald_using_subcommand profile; and __fish_seen_subcommand_from help" -f -a "check" -d 'Check that profiles can be used'
complete -c herald -n "__fish_herald_using_subcommand profile; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c herald -n "__fish_herald_using_subcommand sandbox" -l listen -d 'Address and port; port 0 is any free port' -r
complete -c herald -n "__fish_herald_using_subcommand sandbox" -l state -d 'Keep the state in this folder for the next start' -r -F
complete -c herald -n "__fish_herald_using_subcommand sandbox" -l switch -d 'Change the behaviour of a provider; repeatable' -r
complete -c herald -n "__fish_herald_using_subcommand sandbox" -l log -d 'Add each request and its answer to this file' -r -F
complete -c herald -n "__fish_herald_using_subcommand sandbox" -l profile -d 'Use this profile' -r
complete -c herald -n "__fish_herald_using_subcommand sandbox" -l profiles -d 'Read the profiles from this file' -r -F
complete -c herald -n "__fish_herald_using_subcommand sandbox" -l provider -d 'Use this provider, if no profile names one' -r
complete -c herald -n "__fish_herald_using_subcommand sandbox" -l color -d 'Use colours [default: auto]' -r -f -a "auto\t'On a terminal that shows them'
always\t'Always'
never\t'Never'"
complete -c herald -n "__fish_herald_using_subcommand sandbox" -l output -d 'Write results in this format [default: table]' -r -f -a "table\t'Tables and sentences'
json\t'One JSON document'
ndjson\t'One JSON document a line'"
complete -c herald -n "__fish_herald_using_subcommand sandbox" -l expose -d 'Allow an address that other machines can reach'
complete -c herald -n "__fish_herald_using_subcommand sandbox" -l memory -d 'Keep the state in memory; this is the default'
complete -c herald -n "__fish_herald_using_subcommand sandbox" -l print-profiles -d 'Print profiles for this address, and end'
complete -c herald -n "__fish_herald_using_subcommand sandbox" -l print-env -d 'Print environment variables for this address, and end'
complete -c herald -n "__fish_herald_using_subcommand sandbox" -s v -l verbose -d 'Write each step to stderr, without secrets'
complete -c herald -n "__fish_herald_using_subcommand sandbox" -s q -l quiet -d 'Write no warnings and no progress; errors and results stay'
complete -c herald -n "__fish_herald_using_subcommand sandbox" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c herald -n "__fish_herald_using_subcommand completions" -l dir -d 'Write into this folder instead of printing' -r -f -a "(__fish_complete_directories)"
complete -c herald -n "__fish_herald_using_subcommand completions" -l profile -d 'Use this profile' -r
complete -c herald -n "__fish_herald_using_subcommand completions" -l profiles -d 'Read the profiles from this file' -r -F
complete -c herald -n "__fish_herald_using_subcommand completions" -l provider -d 'Use this provider, if no profile names one' -r
complete -c herald -n "__fish_herald_using_subcommand completions" -l color -d 'Use colours [default: auto]' -r -f -a "auto\t'On a terminal that shows them'
always\t'Always'
never\t'Never'"
complete -c herald -n "__fish_herald_using_subcommand completions" -l output -d 'Write results in this format [default: table]' -r -f -a "table\t'Tables and sentences'
json\t'One JSON document'
ndjson\t'One JSON document a line'"
complete -c herald -n "__fish_herald_using_subcommand completions" -s v -l verbose -d 'Write each step to stderr, without secrets'
complete -c herald -n "__fish_herald_using_subcommand completions" -s q -l quiet -d 'Write no warnings and no progress; errors and results stay'
complete -c herald -n "__fish_herald_using_subcommand completions" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c herald -n "__fish_herald_using_subcommand help; and not __fish_seen_subcommand_from send broadcast upload call history recall update delete clear get status jobs stop apply validate init explain providers schema sign profile sandbox completions help" -f -a "send" -d 'Send one message to named targets'
complete -c herald -n "__fish_herald_using_subcommand help; and not __fish_seen_subcommand_from send broadcast upload call history recall update delete clear get status jobs stop apply validate init explain providers schema sign profile sandbox completions help" -f -a "broadcast" -d 'Send one message to a list, a tag, a package or everybody'
complete -c herald -n "__fish_herald_using_subcommand help; and not __fish_seen_subcommand_from send broadcast upload call history recall update delete clear get status jobs stop apply validate init explain providers schema sign profile sandbox completions help" -f -a "upload" -d 'Upload files to a vendor that takes them'
complete -c herald -n "__fish_herald_using_subcommand help; and not __fish_seen_subcommand_from send broadcast upload call history recall update delete clear get status jobs stop apply validate init explain providers schema sign profile sandbox completions help" -f -a "call" -d 'Call any operation of a vendor\'s API'
complete -c herald -n "__fish_herald_using_subcommand help; and not __fish_seen_subcommand_from send broadcast upload call history recall update delete clear get status jobs stop apply validate init explain providers schema sign profile sandbox completions help" -f -a "history" -d 'Show what was sent and its outcome; resolve what is unknown'
complete -c herald -n "__fish_herald_using_subcommand help; and not __fish_seen_subcommand_from send broadcast upload call history recall update delete clear get status jobs stop apply validate init explain providers schema sign profile sandbox completions help" -f -a "recall" -d 'Recall messages that were sent'
complete -c herald -n "__fish_herald_using_subcommand help; and not __fish_seen_subcommand_from send broadcast upload call history recall update delete clear get status jobs stop apply validate init explain providers schema sign profile sandbox completions help" -f -a "update" -d 'Replace the content of a message that was sent'
complete -c herald -n "__fish_herald_using_subcommand help; and not __fish_seen_subcommand_from send broadcast upload call history recall update delete clear get status jobs stop apply validate init explain providers schema sign profile sandbox completions help" -f -a "delete" -d 'Delete a message that was sent'
complete -c herald -n "__fish_herald_using_subcommand help; and not __fish_seen_subcommand_from send broadcast upload call history recall update delete clear get status jobs stop apply validate init explain providers schema sign profile sandbox completions help" -f -a "clear" -d 'Clear the messages of a conversation'
complete -c herald -n "__fish_herald_using_subcommand help; and not __fish_seen_subcommand_from send broadcast upload call history recall update delete clear get status jobs stop apply validate init explain providers schema sign profile sandbox completions help" -f -a "get" -d 'Fetch a message that was sent'
complete -c herald -n "__fish_herald_using_subcommand help; and not __fish_seen_subcommand_from send broadcast upload call history recall update delete clear get status jobs stop apply validate init explain providers schema sign profile sandbox completions help" -f -a "status" -d 'Ask the vendor for the state of a message that was sent'
complete -c herald -n "__fish_herald_using_subcommand help; and not __fish_seen_subcommand_from send broadcast upload call history recall update delete clear get status jobs stop apply validate init explain providers schema sign profile sandbox completions help" -f -a "jobs" -d 'List jobs: what is done, what is left, what is recalled'
complete -c herald -n "__fish_herald_using_subcommand help; and not __fish_seen_subcommand_from send broadcast upload call history recall update delete clear get status jobs stop apply validate init explain providers schema sign profile sandbox completions help" -f -a "stop" -d 'Stop a job before its next batch'
complete -c herald -n "__fish_herald_using_subcommand help; and not __fish_seen_subcommand_from send broadcast upload call history recall update delete clear get status jobs stop apply validate init explain providers schema sign profile sandbox completions help" -f -a "apply" -d 'Send a plan that `broadcast --plan` wrote: exactly that, and once'
complete -c herald -n "__fish_herald_using_subcommand help; and not __fish_seen_subcommand_from send broadcast upload call history recall update delete clear get status jobs stop apply validate init explain providers schema sign profile sandbox completions help" -f -a "validate" -d 'Lint payload files, folders, NDJSON and stdin, offline'
complete -c herald -n "__fish_herald_using_subcommand help; and not __fish_seen_subcommand_from send broadcast upload call history recall update delete clear get status jobs stop apply validate init explain providers schema sign profile sandbox completions help" -f -a "init" -d 'Write a herald.toml for the payloads of a folder'
complete -c herald -n "__fish_herald_using_subcommand help; and not __fish_seen_subcommand_from send broadcast upload call history recall update delete clear get status jobs stop apply validate init explain providers schema sign profile sandbox completions help" -f -a "explain" -d 'Explain a rule, a vendor\'s error code or a word that herald prints'
complete -c herald -n "__fish_herald_using_subcommand help; and not __fish_seen_subcommand_from send broadcast upload call history recall update delete clear get status jobs stop apply validate init explain providers schema sign profile sandbox completions help" -f -a "providers" -d 'Show what each vendor takes: operations, types, fields, limits'
complete -c herald -n "__fish_herald_using_subcommand help; and not __fish_seen_subcommand_from send broadcast upload call history recall update delete clear get status jobs stop apply validate init explain providers schema sign profile sandbox completions help" -f -a "schema" -d 'Write JSON Schemas of operations, types and herald\'s output'
complete -c herald -n "__fish_herald_using_subcommand help; and not __fish_seen_subcommand_from send broadcast upload call history recall update delete clear get status jobs stop apply validate init explain providers schema sign profile sandbox completions help" -f -a "sign" -d 'Print a signature and its headers, explain it, or verify one'
complete -c herald -n "__fish_herald_using_subcommand help; and not __fish_seen_subcommand_from send broadcast upload call history recall update delete clear get status jobs stop apply validate init explain providers schema sign profile sandbox completions help" -f -a "profile" -d 'Make, list, show and check profiles'
complete -c herald -n "__fish_herald_using_subcommand help; and not __fish_seen_subcommand_from send broadcast upload call history recall update delete clear get status jobs stop apply validate init explain providers schema sign profile sandbox completions help" -f -a "sandbox" -d 'Serve the sandbox: a local mock server of the vendors'
complete -c herald -n "__fish_herald_using_subcommand help; and not __fish_seen_subcommand_from send broadcast upload call history recall update delete clear get status jobs stop apply validate init explain providers schema sign profile sandbox completions help" -f -a "completions" -d 'Print a shell\'s completion script, or the manual pages'
complete -c herald -n "__fish_herald_using_subcommand help; and not __fish_seen_subcommand_from send broadcast upload call history recall update delete clear get status jobs stop apply validate init explain providers schema sign profile sandbox completions help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
