
using namespace System.Management.Automation
using namespace System.Management.Automation.Language

Register-ArgumentCompleter -Native -CommandName 'herald' -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)

    $commandElements = $commandAst.CommandElements
    $command = @(
        'herald'
        for ($i = 1; $i -lt $commandElements.Count; $i++) {
            $element = $commandElements[$i]
            if ($element -isnot [StringConstantExpressionAst] -or
                $element.StringConstantType -ne [StringConstantType]::BareWord -or
                $element.Value.StartsWith('-') -or
                $element.Value -eq $wordToComplete) {
                break
        }
        $element.Value
    }) -join ';'

    $completions = @(switch ($command) {
        'herald' {
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Use this profile')
            [CompletionResult]::new('--profiles', '--profiles', [CompletionResultType]::ParameterName, 'Read the profiles from this file')
            [CompletionResult]::new('--provider', '--provider', [CompletionResultType]::ParameterName, 'Use this provider, if no profile names one')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Write results in this format [default: table]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Use colours [default: auto]')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Write each step to stderr, without secrets')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Write each step to stderr, without secrets')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Write no warnings and no progress; errors and results stay')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Write no warnings and no progress; errors and results stay')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('send', 'send', [CompletionResultType]::ParameterValue, 'Send one message to named targets')
            [CompletionResult]::new('broadcast', 'broadcast', [CompletionResultType]::ParameterValue, 'Send one message to a list, a tag, a package or everybody')
            [CompletionResult]::new('upload', 'upload', [CompletionResultType]::ParameterValue, 'Upload files to a vendor that takes them')
            [CompletionResult]::new('call', 'call', [CompletionResultType]::ParameterValue, 'Call any operation of a vendor''s API')
            [CompletionResult]::new('history', 'history', [CompletionResultType]::ParameterValue, 'Show what was sent and its outcome; resolve what is unknown')
            [CompletionResult]::new('recall', 'recall', [CompletionResultType]::ParameterValue, 'Recall messages that were sent')
            [CompletionResult]::new('update', 'update', [CompletionResultType]::ParameterValue, 'Replace the content of a message that was sent')
            [CompletionResult]::new('delete', 'delete', [CompletionResultType]::ParameterValue, 'Delete a message that was sent')
            [CompletionResult]::new('clear', 'clear', [CompletionResultType]::ParameterValue, 'Clear the messages of a conversation')
            [CompletionResult]::new('get', 'get', [CompletionResultType]::ParameterValue, 'Fetch a message that was sent')
            [CompletionResult]::new('status', 'status', [CompletionResultType]::ParameterValue, 'Ask the vendor for the state of a message that was sent')
            [CompletionResult]::new('jobs', 'jobs', [CompletionResultType]::ParameterValue, 'List jobs: what is done, what is left, what is recalled')
            [CompletionResult]::new('stop', 'stop', [CompletionResultType]::ParameterValue, 'Stop a job before its next batch')
            [CompletionResult]::new('apply', 'apply', [CompletionResultType]::ParameterValue, 'Send a plan that `broadcast --plan` wrote: exactly that, and once')
            [CompletionResult]::new('validate', 'validate', [CompletionResultType]::ParameterValue, 'Lint payload files, folders, NDJSON and stdin, offline')
            [CompletionResult]::new('init', 'init', [CompletionResultType]::ParameterValue, 'Write a herald.toml for the payloads of a folder')
            [CompletionResult]::new('explain', 'explain', [CompletionResultType]::ParameterValue, 'Explain a rule, a vendor''s error code or a word that herald prints')
            [CompletionResult]::new('providers', 'providers', [CompletionResultType]::ParameterValue, 'Show what each vendor takes: operations, types, fields, limits')
            [CompletionResult]::new('schema', 'schema', [CompletionResultType]::ParameterValue, 'Write JSON Schemas of operations, types and herald''s output')
            [CompletionResult]::new('sign', 'sign', [CompletionResultType]::ParameterValue, 'Print a signature and its headers, explain it, or verify one')
            [CompletionResult]::new('profile', 'profile', [CompletionResultType]::ParameterValue, 'Make, list, show and check profiles')
            [CompletionResult]::new('sandbox', 'sandbox', [CompletionResultType]::ParameterValue, 'Serve the sandbox: a local mock server of the vendors')
            [CompletionResult]::new('completions', 'completions', [CompletionResultType]::ParameterValue, 'Print a shell''s completion script, or the manual pages')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'herald;send' {
            [CompletionResult]::new('--to', '--to', [CompletionResultType]::ParameterName, 'Target: bob, user:bob, group:g1; repeatable')
            [CompletionResult]::new('--from', '--from', [CompletionResultType]::ParameterName, 'Sender')
            [CompletionResult]::new('--text', '--text', [CompletionResultType]::ParameterName, 'Text of the message')
            [CompletionResult]::new('--text-file', '--text-file', [CompletionResultType]::ParameterName, 'Text from this file in UTF-8; `-` is stdin')
            [CompletionResult]::new('--image', '--image', [CompletionResultType]::ParameterName, 'Picture: a URL, or a file to upload')
            [CompletionResult]::new('--voice', '--voice', [CompletionResultType]::ParameterName, 'Voice message: a URL, or a file to upload')
            [CompletionResult]::new('--video', '--video', [CompletionResultType]::ParameterName, 'Video: a URL, or a file to upload')
            [CompletionResult]::new('--file', '--file', [CompletionResultType]::ParameterName, 'File: a URL, or a file to upload')
            [CompletionResult]::new('--location', '--location', [CompletionResultType]::ParameterName, 'Place in degrees: 39.9,116.4,Beijing')
            [CompletionResult]::new('--command', '--command', [CompletionResultType]::ParameterName, 'Command for the app; the user sees nothing')
            [CompletionResult]::new('--title', '--title', [CompletionResultType]::ParameterName, 'Title, if the vendor has one')
            [CompletionResult]::new('--extra', '--extra', [CompletionResultType]::ParameterName, 'Data for the app; repeatable')
            [CompletionResult]::new('--type', '--type', [CompletionResultType]::ParameterName, 'Message type of the vendor, with --set')
            [CompletionResult]::new('--set', '--set', [CompletionResultType]::ParameterName, 'Field: PATH=TEXT or PATH:=JSON; repeatable')
            [CompletionResult]::new('--body', '--body', [CompletionResultType]::ParameterName, 'Whole request body from this file; `-` is stdin')
            [CompletionResult]::new('--allow-path', '--allow-path', [CompletionResultType]::ParameterName, 'Allow attached files from this folder too; repeatable')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Print the request and send nothing')
            [CompletionResult]::new('--nonce', '--nonce', [CompletionResultType]::ParameterName, 'Nonce of a printed signature')
            [CompletionResult]::new('--timestamp', '--timestamp', [CompletionResultType]::ParameterName, 'Timestamp of a printed signature')
            [CompletionResult]::new('--deadline', '--deadline', [CompletionResultType]::ParameterName, 'Stop after this time: 500ms, 30s, 2m, 1d [default: 30s]')
            [CompletionResult]::new('--cacert', '--cacert', [CompletionResultType]::ParameterName, 'Trust the certificates in this PEM file, not the built-in ones')
            [CompletionResult]::new('--ledger', '--ledger', [CompletionResultType]::ParameterName, 'File of the ledger [default: ledger.db in herald''s state folder]')
            [CompletionResult]::new('--confirm', '--confirm', [CompletionResultType]::ParameterName, 'Confirm a large audience by the profile''s name')
            [CompletionResult]::new('--allow', '--allow', [CompletionResultType]::ParameterName, 'Ignore this lint rule; repeatable')
            [CompletionResult]::new('--override', '--override', [CompletionResultType]::ParameterName, 'Bypass this guard; repeatable')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Use this profile')
            [CompletionResult]::new('--profiles', '--profiles', [CompletionResultType]::ParameterName, 'Read the profiles from this file')
            [CompletionResult]::new('--provider', '--provider', [CompletionResultType]::ParameterName, 'Use this provider, if no profile names one')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Use colours [default: auto]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Write results in this format [default: table]')
            [CompletionResult]::new('--allow-empty', '--allow-empty', [CompletionResultType]::ParameterName, 'Allow a text or a title that shows nothing')
            [CompletionResult]::new('--curl', '--curl', [CompletionResultType]::ParameterName, 'Print a curl command and send nothing')
            [CompletionResult]::new('--show-secrets', '--show-secrets', [CompletionResultType]::ParameterName, 'Show the secrets that --dry-run and --curl hide')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to the question about many targets')
            [CompletionResult]::new('--sandbox', '--sandbox', [CompletionResultType]::ParameterName, 'Use the mock server inside herald')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Write each step to stderr, without secrets')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Write each step to stderr, without secrets')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Write no warnings and no progress; errors and results stay')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Write no warnings and no progress; errors and results stay')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'herald;broadcast' {
            [CompletionResult]::new('--tag', '--tag', [CompletionResultType]::ParameterName, 'Reach the users with this tag; repeatable')
            [CompletionResult]::new('--package', '--package', [CompletionResultType]::ParameterName, 'Reach the users of this app package')
            [CompletionResult]::new('--targets', '--targets', [CompletionResultType]::ParameterName, 'Reach the targets in this file; `-` is stdin')
            [CompletionResult]::new('--column', '--column', [CompletionResultType]::ParameterName, 'Column of a CSV that holds the targets')
            [CompletionResult]::new('--form', '--form', [CompletionResultType]::ParameterName, 'Format of the list, if its file name does not tell')
            [CompletionResult]::new('--encoding', '--encoding', [CompletionResultType]::ParameterName, 'Encoding of the list')
            [CompletionResult]::new('--resume', '--resume', [CompletionResultType]::ParameterName, 'Continue what is left of a job')
            [CompletionResult]::new('--to', '--to', [CompletionResultType]::ParameterName, 'Target: bob, user:bob, group:g1; repeatable')
            [CompletionResult]::new('--from', '--from', [CompletionResultType]::ParameterName, 'Sender')
            [CompletionResult]::new('--text', '--text', [CompletionResultType]::ParameterName, 'Text of the message')
            [CompletionResult]::new('--text-file', '--text-file', [CompletionResultType]::ParameterName, 'Text from this file in UTF-8; `-` is stdin')
            [CompletionResult]::new('--image', '--image', [CompletionResultType]::ParameterName, 'Picture: a URL, or a file to upload')
            [CompletionResult]::new('--voice', '--voice', [CompletionResultType]::ParameterName, 'Voice message: a URL, or a file to upload')
            [CompletionResult]::new('--video', '--video', [CompletionResultType]::ParameterName, 'Video: a URL, or a file to upload')
            [CompletionResult]::new('--file', '--file', [CompletionResultType]::ParameterName, 'File: a URL, or a file to upload')
            [CompletionResult]::new('--location', '--location', [CompletionResultType]::ParameterName, 'Place in degrees: 39.9,116.4,Beijing')
            [CompletionResult]::new('--command', '--command', [CompletionResultType]::ParameterName, 'Command for the app; the user sees nothing')
            [CompletionResult]::new('--title', '--title', [CompletionResultType]::ParameterName, 'Title, if the vendor has one')
            [CompletionResult]::new('--extra', '--extra', [CompletionResultType]::ParameterName, 'Data for the app; repeatable')
            [CompletionResult]::new('--type', '--type', [CompletionResultType]::ParameterName, 'Message type of the vendor, with --set')
            [CompletionResult]::new('--set', '--set', [CompletionResultType]::ParameterName, 'Field: PATH=TEXT or PATH:=JSON; repeatable')
            [CompletionResult]::new('--body', '--body', [CompletionResultType]::ParameterName, 'Whole request body from this file; `-` is stdin')
            [CompletionResult]::new('--allow-path', '--allow-path', [CompletionResultType]::ParameterName, 'Allow attached files from this folder too; repeatable')
            [CompletionResult]::new('--job', '--job', [CompletionResultType]::ParameterName, 'Name of the job')
            [CompletionResult]::new('--concurrency', '--concurrency', [CompletionResultType]::ParameterName, 'Requests in flight at a time, at most [default: 16]')
            [CompletionResult]::new('--results', '--results', [CompletionResultType]::ParameterName, 'Write the outcome of each target into this file')
            [CompletionResult]::new('--abort-above', '--abort-above', [CompletionResultType]::ParameterName, 'Stop if a larger share failed: 1% or 0.01')
            [CompletionResult]::new('--canary', '--canary', [CompletionResultType]::ParameterName, 'Send to the first N targets, then wait')
            [CompletionResult]::new('--soak', '--soak', [CompletionResultType]::ParameterName, 'Wait this time after --canary [default: 60s]')
            [CompletionResult]::new('--plan', '--plan', [CompletionResultType]::ParameterName, 'Write a plan and send nothing; see `herald apply`')
            [CompletionResult]::new('--valid-for', '--valid-for', [CompletionResultType]::ParameterName, 'A plan is valid this long, at most 24h [default: 1h]')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Print the request and send nothing')
            [CompletionResult]::new('--nonce', '--nonce', [CompletionResultType]::ParameterName, 'Nonce of a printed signature')
            [CompletionResult]::new('--timestamp', '--timestamp', [CompletionResultType]::ParameterName, 'Timestamp of a printed signature')
            [CompletionResult]::new('--deadline', '--deadline', [CompletionResultType]::ParameterName, 'Stop after this time: 500ms, 30s, 2m, 1d [default: 30s]')
            [CompletionResult]::new('--cacert', '--cacert', [CompletionResultType]::ParameterName, 'Trust the certificates in this PEM file, not the built-in ones')
            [CompletionResult]::new('--ledger', '--ledger', [CompletionResultType]::ParameterName, 'File of the ledger [default: ledger.db in herald''s state folder]')
            [CompletionResult]::new('--confirm', '--confirm', [CompletionResultType]::ParameterName, 'Confirm a large audience by the profile''s name')
            [CompletionResult]::new('--allow', '--allow', [CompletionResultType]::ParameterName, 'Ignore this lint rule; repeatable')
            [CompletionResult]::new('--override', '--override', [CompletionResultType]::ParameterName, 'Bypass this guard; repeatable')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Use this profile')
            [CompletionResult]::new('--profiles', '--profiles', [CompletionResultType]::ParameterName, 'Read the profiles from this file')
            [CompletionResult]::new('--provider', '--provider', [CompletionResultType]::ParameterName, 'Use this provider, if no profile names one')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Use colours [default: auto]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Write results in this format [default: table]')
            [CompletionResult]::new('--all', '--all', [CompletionResultType]::ParameterName, 'Reach everybody; needs --confirm')
            [CompletionResult]::new('--skip-invalid', '--skip-invalid', [CompletionResultType]::ParameterName, 'Leave out invalid entries, and send to the others')
            [CompletionResult]::new('--allow-empty', '--allow-empty', [CompletionResultType]::ParameterName, 'Allow a text or a title that shows nothing')
            [CompletionResult]::new('--curl', '--curl', [CompletionResultType]::ParameterName, 'Print a curl command and send nothing')
            [CompletionResult]::new('--show-secrets', '--show-secrets', [CompletionResultType]::ParameterName, 'Show the secrets that --dry-run and --curl hide')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to the question about many targets')
            [CompletionResult]::new('--sandbox', '--sandbox', [CompletionResultType]::ParameterName, 'Use the mock server inside herald')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Write each step to stderr, without secrets')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Write each step to stderr, without secrets')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Write no warnings and no progress; errors and results stay')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Write no warnings and no progress; errors and results stay')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'herald;upload' {
            [CompletionResult]::new('--as', '--as', [CompletionResultType]::ParameterName, 'Kind of the files, if their names do not tell')
            [CompletionResult]::new('--set', '--set', [CompletionResultType]::ParameterName, 'Field of the upload: PATH=TEXT or PATH:=JSON; repeatable')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Print the request and send nothing')
            [CompletionResult]::new('--nonce', '--nonce', [CompletionResultType]::ParameterName, 'Nonce of a printed signature')
            [CompletionResult]::new('--timestamp', '--timestamp', [CompletionResultType]::ParameterName, 'Timestamp of a printed signature')
            [CompletionResult]::new('--deadline', '--deadline', [CompletionResultType]::ParameterName, 'Stop after this time: 500ms, 30s, 2m, 1d [default: 30s]')
            [CompletionResult]::new('--cacert', '--cacert', [CompletionResultType]::ParameterName, 'Trust the certificates in this PEM file, not the built-in ones')
            [CompletionResult]::new('--ledger', '--ledger', [CompletionResultType]::ParameterName, 'File of the ledger [default: ledger.db in herald''s state folder]')
            [CompletionResult]::new('--confirm', '--confirm', [CompletionResultType]::ParameterName, 'Confirm a large audience by the profile''s name')
            [CompletionResult]::new('--allow', '--allow', [CompletionResultType]::ParameterName, 'Ignore this lint rule; repeatable')
            [CompletionResult]::new('--override', '--override', [CompletionResultType]::ParameterName, 'Bypass this guard; repeatable')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Use this profile')
            [CompletionResult]::new('--profiles', '--profiles', [CompletionResultType]::ParameterName, 'Read the profiles from this file')
            [CompletionResult]::new('--provider', '--provider', [CompletionResultType]::ParameterName, 'Use this provider, if no profile names one')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Use colours [default: auto]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Write results in this format [default: table]')
            [CompletionResult]::new('--curl', '--curl', [CompletionResultType]::ParameterName, 'Print a curl command and send nothing')
            [CompletionResult]::new('--show-secrets', '--show-secrets', [CompletionResultType]::ParameterName, 'Show the secrets that --dry-run and --curl hide')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to the question about many targets')
            [CompletionResult]::new('--sandbox', '--sandbox', [CompletionResultType]::ParameterName, 'Use the mock server inside herald')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Write each step to stderr, without secrets')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Write each step to stderr, without secrets')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Write no warnings and no progress; errors and results stay')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Write no warnings and no progress; errors and results stay')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'herald;call' {
            [CompletionResult]::new('--set', '--set', [CompletionResultType]::ParameterName, 'Field: PATH=TEXT or PATH:=JSON; repeatable')
            [CompletionResult]::new('--body', '--body', [CompletionResultType]::ParameterName, 'Whole request body from this file; `-` is stdin')
            [CompletionResult]::new('--allow-path', '--allow-path', [CompletionResultType]::ParameterName, 'Allow attached files from this folder too; repeatable')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Print the request and send nothing')
            [CompletionResult]::new('--nonce', '--nonce', [CompletionResultType]::ParameterName, 'Nonce of a printed signature')
            [CompletionResult]::new('--timestamp', '--timestamp', [CompletionResultType]::ParameterName, 'Timestamp of a printed signature')
            [CompletionResult]::new('--deadline', '--deadline', [CompletionResultType]::ParameterName, 'Stop after this time: 500ms, 30s, 2m, 1d [default: 30s]')
            [CompletionResult]::new('--cacert', '--cacert', [CompletionResultType]::ParameterName, 'Trust the certificates in this PEM file, not the built-in ones')
            [CompletionResult]::new('--ledger', '--ledger', [CompletionResultType]::ParameterName, 'File of the ledger [default: ledger.db in herald''s state folder]')
            [CompletionResult]::new('--confirm', '--confirm', [CompletionResultType]::ParameterName, 'Confirm a large audience by the profile''s name')
            [CompletionResult]::new('--allow', '--allow', [CompletionResultType]::ParameterName, 'Ignore this lint rule; repeatable')
            [CompletionResult]::new('--override', '--override', [CompletionResultType]::ParameterName, 'Bypass this guard; repeatable')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Use this profile')
            [CompletionResult]::new('--profiles', '--profiles', [CompletionResultType]::ParameterName, 'Read the profiles from this file')
            [CompletionResult]::new('--provider', '--provider', [CompletionResultType]::ParameterName, 'Use this provider, if no profile names one')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Use colours [default: auto]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Write results in this format [default: table]')
            [CompletionResult]::new('--curl', '--curl', [CompletionResultType]::ParameterName, 'Print a curl command and send nothing')
            [CompletionResult]::new('--show-secrets', '--show-secrets', [CompletionResultType]::ParameterName, 'Show the secrets that --dry-run and --curl hide')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to the question about many targets')
            [CompletionResult]::new('--sandbox', '--sandbox', [CompletionResultType]::ParameterName, 'Use the mock server inside herald')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Write each step to stderr, without secrets')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Write each step to stderr, without secrets')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Write no warnings and no progress; errors and results stay')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Write no warnings and no progress; errors and results stay')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'herald;history' {
            [CompletionResult]::new('--outcome', '--outcome', [CompletionResultType]::ParameterName, 'Only what had this outcome')
            [CompletionResult]::new('--since', '--since', [CompletionResultType]::ParameterName, 'Only what was sent since: 2h, 3d, 2026-05-01')
            [CompletionResult]::new('--job', '--job', [CompletionResultType]::ParameterName, 'Only this job')
            [CompletionResult]::new('--as', '--as', [CompletionResultType]::ParameterName, 'List the targets of a job, one a line')
            [CompletionResult]::new('--to', '--to', [CompletionResultType]::ParameterName, 'Only what went to this target')
            [CompletionResult]::new('--text', '--text', [CompletionResultType]::ParameterName, 'Only what has this in its text')
            [CompletionResult]::new('--limit', '--limit', [CompletionResultType]::ParameterName, 'List at most this many entries [default: 20]')
            [CompletionResult]::new('--ledger', '--ledger', [CompletionResultType]::ParameterName, 'File of the ledger [default: ledger.db in herald''s state folder]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Use this profile')
            [CompletionResult]::new('--profiles', '--profiles', [CompletionResultType]::ParameterName, 'Read the profiles from this file')
            [CompletionResult]::new('--provider', '--provider', [CompletionResultType]::ParameterName, 'Use this provider, if no profile names one')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Use colours [default: auto]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Write results in this format [default: table]')
            [CompletionResult]::new('--failed', '--failed', [CompletionResultType]::ParameterName, 'Only what was certainly not accepted')
            [CompletionResult]::new('--sandbox', '--sandbox', [CompletionResultType]::ParameterName, 'Use the history of the sandbox')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Write each step to stderr, without secrets')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Write each step to stderr, without secrets')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Write no warnings and no progress; errors and results stay')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Write no warnings and no progress; errors and results stay')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List what was sent, latest first')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show everything about one message or job')
            [CompletionResult]::new('resolve', 'resolve', [CompletionResultType]::ParameterValue, 'Record the real outcome of what is unknown')
            [CompletionResult]::new('prune', 'prune', [CompletionResultType]::ParameterValue, 'Remove old entries whose outcome is known')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'herald;history;list' {
            [CompletionResult]::new('--outcome', '--outcome', [CompletionResultType]::ParameterName, 'Only what had this outcome')
            [CompletionResult]::new('--since', '--since', [CompletionResultType]::ParameterName, 'Only what was sent since: 2h, 3d, 2026-05-01')
            [CompletionResult]::new('--job', '--job', [CompletionResultType]::ParameterName, 'Only this job')
            [CompletionResult]::new('--as', '--as', [CompletionResultType]::ParameterName, 'List the targets of a job, one a line')
            [CompletionResult]::new('--to', '--to', [CompletionResultType]::ParameterName, 'Only what went to this target')
            [CompletionResult]::new('--text', '--text', [CompletionResultType]::ParameterName, 'Only what has this in its text')
            [CompletionResult]::new('--limit', '--limit', [CompletionResultType]::ParameterName, 'List at most this many entries [default: 20]')
            [CompletionResult]::new('--ledger', '--ledger', [CompletionResultType]::ParameterName, 'File of the ledger [default: ledger.db in herald''s state folder]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Use this profile')
            [CompletionResult]::new('--profiles', '--profiles', [CompletionResultType]::ParameterName, 'Read the profiles from this file')
            [CompletionResult]::new('--provider', '--provider', [CompletionResultType]::ParameterName, 'Use this provider, if no profile names one')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Use colours [default: auto]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Write results in this format [default: table]')
            [CompletionResult]::new('--failed', '--failed', [CompletionResultType]::ParameterName, 'Only what was certainly not accepted')
            [CompletionResult]::new('--sandbox', '--sandbox', [CompletionResultType]::ParameterName, 'Use the history of the sandbox')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Write each step to stderr, without secrets')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Write each step to stderr, without secrets')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Write no warnings and no progress; errors and results stay')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Write no warnings and no progress; errors and results stay')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'herald;history;show' {
            [CompletionResult]::new('--ledger', '--ledger', [CompletionResultType]::ParameterName, 'File of the ledger [default: ledger.db in herald''s state folder]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Use this profile')
            [CompletionResult]::new('--profiles', '--profiles', [CompletionResultType]::ParameterName, 'Read the profiles from this file')
            [CompletionResult]::new('--provider', '--provider', [CompletionResultType]::ParameterName, 'Use this provider, if no profile names one')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Use colours [default: auto]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Write results in this format [default: table]')
            [CompletionResult]::new('--sandbox', '--sandbox', [CompletionResultType]::ParameterName, 'Use the history of the sandbox')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Write each step to stderr, without secrets')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Write each step to stderr, without secrets')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Write no warnings and no progress; errors and results stay')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Write no warnings and no progress; errors and results stay')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'herald;history;resolve' {
            [CompletionResult]::new('--targets', '--targets', [CompletionResultType]::ParameterName, 'Only the targets in this file; `-` is stdin')
            [CompletionResult]::new('--column', '--column', [CompletionResultType]::ParameterName, 'Column of a CSV that holds the targets')
            [CompletionResult]::new('--form', '--form', [CompletionResultType]::ParameterName, 'Format of the list, if its file name does not tell')
            [CompletionResult]::new('--encoding', '--encoding', [CompletionResultType]::ParameterName, 'Encoding of the list')
            [CompletionResult]::new('--vendor-id', '--vendor-id', [CompletionResultType]::ParameterName, 'With --check: the vendor''s id of the message')
            [CompletionResult]::new('--note', '--note', [CompletionResultType]::ParameterName, 'How you know it')
            [CompletionResult]::new('--ledger', '--ledger', [CompletionResultType]::ParameterName, 'File of the ledger [default: ledger.db in herald''s state folder]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Use this profile')
            [CompletionResult]::new('--profiles', '--profiles', [CompletionResultType]::ParameterName, 'Read the profiles from this file')
            [CompletionResult]::new('--provider', '--provider', [CompletionResultType]::ParameterName, 'Use this provider, if no profile names one')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Use colours [default: auto]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Write results in this format [default: table]')
            [CompletionResult]::new('--accepted', '--accepted', [CompletionResultType]::ParameterName, 'The vendor accepted it')
            [CompletionResult]::new('--not-accepted', '--not-accepted', [CompletionResultType]::ParameterName, 'The vendor did not accept it')
            [CompletionResult]::new('--check', '--check', [CompletionResultType]::ParameterName, 'Ask the vendor whether it has the message')
            [CompletionResult]::new('--undo', '--undo', [CompletionResultType]::ParameterName, 'Make it unknown as before')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Resolve several targets without a question')
            [CompletionResult]::new('--sandbox', '--sandbox', [CompletionResultType]::ParameterName, 'Use the history of the sandbox')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Write each step to stderr, without secrets')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Write each step to stderr, without secrets')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Write no warnings and no progress; errors and results stay')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Write no warnings and no progress; errors and results stay')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'herald;history;prune' {
            [CompletionResult]::new('--older-than', '--older-than', [CompletionResultType]::ParameterName, 'Age: 90d, 12h [default: keep_days of the profiles file, or 90d]')
            [CompletionResult]::new('--ledger', '--ledger', [CompletionResultType]::ParameterName, 'File of the ledger [default: ledger.db in herald''s state folder]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Use this profile')
            [CompletionResult]::new('--profiles', '--profiles', [CompletionResultType]::ParameterName, 'Read the profiles from this file')
            [CompletionResult]::new('--provider', '--provider', [CompletionResultType]::ParameterName, 'Use this provider, if no profile names one')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Use colours [default: auto]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Write results in this format [default: table]')
            [CompletionResult]::new('--unknown', '--unknown', [CompletionResultType]::ParameterName, 'Also remove what is unknown')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Remove nothing, and say how much it would be')
            [CompletionResult]::new('--sandbox', '--sandbox', [CompletionResultType]::ParameterName, 'Use the history of the sandbox')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Write each step to stderr, without secrets')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Write each step to stderr, without secrets')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Write no warnings and no progress; errors and results stay')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Write no warnings and no progress; errors and results stay')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'herald;history;help' {
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List what was sent, latest first')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show everything about one message or job')
            [CompletionResult]::new('resolve', 'resolve', [CompletionResultType]::ParameterValue, 'Record the real outcome of what is unknown')
            [CompletionResult]::new('prune', 'prune', [CompletionResultType]::ParameterValue, 'Remove old entries whose outcome is known')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'herald;history;help;list' {
            break
        }
        'herald;history;help;show' {
            break
        }
        'herald;history;help;resolve' {
            break
        }
        'herald;history;help;prune' {
            break
        }
        'herald;history;help;help' {
            break
        }
        'herald;recall' {
            [CompletionResult]::new('--to', '--to', [CompletionResultType]::ParameterName, 'Target of the message; repeatable')
            [CompletionResult]::new('--from', '--from', [CompletionResultType]::ParameterName, 'Sender of the message, if the ledger does not have it')
            [CompletionResult]::new('--set', '--set', [CompletionResultType]::ParameterName, 'Field: PATH=TEXT or PATH:=JSON; repeatable')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Print the request and send nothing')
            [CompletionResult]::new('--nonce', '--nonce', [CompletionResultType]::ParameterName, 'Nonce of a printed signature')
            [CompletionResult]::new('--timestamp', '--timestamp', [CompletionResultType]::ParameterName, 'Timestamp of a printed signature')
            [CompletionResult]::new('--deadline', '--deadline', [CompletionResultType]::ParameterName, 'Stop after this time: 500ms, 30s, 2m, 1d [default: 30s]')
            [CompletionResult]::new('--cacert', '--cacert', [CompletionResultType]::ParameterName, 'Trust the certificates in this PEM file, not the built-in ones')
            [CompletionResult]::new('--ledger', '--ledger', [CompletionResultType]::ParameterName, 'File of the ledger [default: ledger.db in herald''s state folder]')
            [CompletionResult]::new('--confirm', '--confirm', [CompletionResultType]::ParameterName, 'Confirm a large audience by the profile''s name')
            [CompletionResult]::new('--allow', '--allow', [CompletionResultType]::ParameterName, 'Ignore this lint rule; repeatable')
            [CompletionResult]::new('--override', '--override', [CompletionResultType]::ParameterName, 'Bypass this guard; repeatable')
            [CompletionResult]::new('--job', '--job', [CompletionResultType]::ParameterName, 'Recall all that this job has sent')
            [CompletionResult]::new('--targets', '--targets', [CompletionResultType]::ParameterName, 'Recall from the users in this file; `-` is stdin')
            [CompletionResult]::new('--column', '--column', [CompletionResultType]::ParameterName, 'Column of a CSV that holds the targets')
            [CompletionResult]::new('--form', '--form', [CompletionResultType]::ParameterName, 'Format of the list, if its file name does not tell')
            [CompletionResult]::new('--encoding', '--encoding', [CompletionResultType]::ParameterName, 'Encoding of the list')
            [CompletionResult]::new('--resume', '--resume', [CompletionResultType]::ParameterName, 'Continue what is left of a job of this command')
            [CompletionResult]::new('--concurrency', '--concurrency', [CompletionResultType]::ParameterName, 'Requests in flight at a time, at most [default: 16]')
            [CompletionResult]::new('--results', '--results', [CompletionResultType]::ParameterName, 'Write the outcome of each target into this file')
            [CompletionResult]::new('--abort-above', '--abort-above', [CompletionResultType]::ParameterName, 'Stop if a larger share failed: 1% or 0.01')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Use this profile')
            [CompletionResult]::new('--profiles', '--profiles', [CompletionResultType]::ParameterName, 'Read the profiles from this file')
            [CompletionResult]::new('--provider', '--provider', [CompletionResultType]::ParameterName, 'Use this provider, if no profile names one')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Use colours [default: auto]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Write results in this format [default: table]')
            [CompletionResult]::new('--last', '--last', [CompletionResultType]::ParameterName, 'The last message that was sent')
            [CompletionResult]::new('--curl', '--curl', [CompletionResultType]::ParameterName, 'Print a curl command and send nothing')
            [CompletionResult]::new('--show-secrets', '--show-secrets', [CompletionResultType]::ParameterName, 'Show the secrets that --dry-run and --curl hide')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to the question about many targets')
            [CompletionResult]::new('--sandbox', '--sandbox', [CompletionResultType]::ParameterName, 'Use the mock server inside herald')
            [CompletionResult]::new('--skip-invalid', '--skip-invalid', [CompletionResultType]::ParameterName, 'Leave out invalid entries, and recall the others')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Write each step to stderr, without secrets')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Write each step to stderr, without secrets')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Write no warnings and no progress; errors and results stay')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Write no warnings and no progress; errors and results stay')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'herald;update' {
            [CompletionResult]::new('--resume', '--resume', [CompletionResultType]::ParameterName, 'Continue what is left of a job of this command')
            [CompletionResult]::new('--to', '--to', [CompletionResultType]::ParameterName, 'Target: bob, user:bob, group:g1; repeatable')
            [CompletionResult]::new('--from', '--from', [CompletionResultType]::ParameterName, 'Sender')
            [CompletionResult]::new('--text', '--text', [CompletionResultType]::ParameterName, 'Text of the message')
            [CompletionResult]::new('--text-file', '--text-file', [CompletionResultType]::ParameterName, 'Text from this file in UTF-8; `-` is stdin')
            [CompletionResult]::new('--image', '--image', [CompletionResultType]::ParameterName, 'Picture: a URL, or a file to upload')
            [CompletionResult]::new('--voice', '--voice', [CompletionResultType]::ParameterName, 'Voice message: a URL, or a file to upload')
            [CompletionResult]::new('--video', '--video', [CompletionResultType]::ParameterName, 'Video: a URL, or a file to upload')
            [CompletionResult]::new('--file', '--file', [CompletionResultType]::ParameterName, 'File: a URL, or a file to upload')
            [CompletionResult]::new('--location', '--location', [CompletionResultType]::ParameterName, 'Place in degrees: 39.9,116.4,Beijing')
            [CompletionResult]::new('--command', '--command', [CompletionResultType]::ParameterName, 'Command for the app; the user sees nothing')
            [CompletionResult]::new('--title', '--title', [CompletionResultType]::ParameterName, 'Title, if the vendor has one')
            [CompletionResult]::new('--extra', '--extra', [CompletionResultType]::ParameterName, 'Data for the app; repeatable')
            [CompletionResult]::new('--type', '--type', [CompletionResultType]::ParameterName, 'Message type of the vendor, with --set')
            [CompletionResult]::new('--set', '--set', [CompletionResultType]::ParameterName, 'Field: PATH=TEXT or PATH:=JSON; repeatable')
            [CompletionResult]::new('--body', '--body', [CompletionResultType]::ParameterName, 'Whole request body from this file; `-` is stdin')
            [CompletionResult]::new('--allow-path', '--allow-path', [CompletionResultType]::ParameterName, 'Allow attached files from this folder too; repeatable')
            [CompletionResult]::new('--concurrency', '--concurrency', [CompletionResultType]::ParameterName, 'Requests in flight at a time, at most [default: 16]')
            [CompletionResult]::new('--results', '--results', [CompletionResultType]::ParameterName, 'Write the outcome of each target into this file')
            [CompletionResult]::new('--abort-above', '--abort-above', [CompletionResultType]::ParameterName, 'Stop if a larger share failed: 1% or 0.01')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Print the request and send nothing')
            [CompletionResult]::new('--nonce', '--nonce', [CompletionResultType]::ParameterName, 'Nonce of a printed signature')
            [CompletionResult]::new('--timestamp', '--timestamp', [CompletionResultType]::ParameterName, 'Timestamp of a printed signature')
            [CompletionResult]::new('--deadline', '--deadline', [CompletionResultType]::ParameterName, 'Stop after this time: 500ms, 30s, 2m, 1d [default: 30s]')
            [CompletionResult]::new('--cacert', '--cacert', [CompletionResultType]::ParameterName, 'Trust the certificates in this PEM file, not the built-in ones')
            [CompletionResult]::new('--ledger', '--ledger', [CompletionResultType]::ParameterName, 'File of the ledger [default: ledger.db in herald''s state folder]')
            [CompletionResult]::new('--confirm', '--confirm', [CompletionResultType]::ParameterName, 'Confirm a large audience by the profile''s name')
            [CompletionResult]::new('--allow', '--allow', [CompletionResultType]::ParameterName, 'Ignore this lint rule; repeatable')
            [CompletionResult]::new('--override', '--override', [CompletionResultType]::ParameterName, 'Bypass this guard; repeatable')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Use this profile')
            [CompletionResult]::new('--profiles', '--profiles', [CompletionResultType]::ParameterName, 'Read the profiles from this file')
            [CompletionResult]::new('--provider', '--provider', [CompletionResultType]::ParameterName, 'Use this provider, if no profile names one')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Use colours [default: auto]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Write results in this format [default: table]')
            [CompletionResult]::new('--last', '--last', [CompletionResultType]::ParameterName, 'The last message that was sent')
            [CompletionResult]::new('--allow-empty', '--allow-empty', [CompletionResultType]::ParameterName, 'Allow a text or a title that shows nothing')
            [CompletionResult]::new('--curl', '--curl', [CompletionResultType]::ParameterName, 'Print a curl command and send nothing')
            [CompletionResult]::new('--show-secrets', '--show-secrets', [CompletionResultType]::ParameterName, 'Show the secrets that --dry-run and --curl hide')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to the question about many targets')
            [CompletionResult]::new('--sandbox', '--sandbox', [CompletionResultType]::ParameterName, 'Use the mock server inside herald')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Write each step to stderr, without secrets')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Write each step to stderr, without secrets')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Write no warnings and no progress; errors and results stay')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Write no warnings and no progress; errors and results stay')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'herald;delete' {
            [CompletionResult]::new('--to', '--to', [CompletionResultType]::ParameterName, 'Target of the message; repeatable')
            [CompletionResult]::new('--from', '--from', [CompletionResultType]::ParameterName, 'Sender of the message, if the ledger does not have it')
            [CompletionResult]::new('--set', '--set', [CompletionResultType]::ParameterName, 'Field: PATH=TEXT or PATH:=JSON; repeatable')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Print the request and send nothing')
            [CompletionResult]::new('--nonce', '--nonce', [CompletionResultType]::ParameterName, 'Nonce of a printed signature')
            [CompletionResult]::new('--timestamp', '--timestamp', [CompletionResultType]::ParameterName, 'Timestamp of a printed signature')
            [CompletionResult]::new('--deadline', '--deadline', [CompletionResultType]::ParameterName, 'Stop after this time: 500ms, 30s, 2m, 1d [default: 30s]')
            [CompletionResult]::new('--cacert', '--cacert', [CompletionResultType]::ParameterName, 'Trust the certificates in this PEM file, not the built-in ones')
            [CompletionResult]::new('--ledger', '--ledger', [CompletionResultType]::ParameterName, 'File of the ledger [default: ledger.db in herald''s state folder]')
            [CompletionResult]::new('--confirm', '--confirm', [CompletionResultType]::ParameterName, 'Confirm a large audience by the profile''s name')
            [CompletionResult]::new('--allow', '--allow', [CompletionResultType]::ParameterName, 'Ignore this lint rule; repeatable')
            [CompletionResult]::new('--override', '--override', [CompletionResultType]::ParameterName, 'Bypass this guard; repeatable')
            [CompletionResult]::new('--resume', '--resume', [CompletionResultType]::ParameterName, 'Continue what is left of a job of this command')
            [CompletionResult]::new('--concurrency', '--concurrency', [CompletionResultType]::ParameterName, 'Requests in flight at a time, at most [default: 16]')
            [CompletionResult]::new('--results', '--results', [CompletionResultType]::ParameterName, 'Write the outcome of each target into this file')
            [CompletionResult]::new('--abort-above', '--abort-above', [CompletionResultType]::ParameterName, 'Stop if a larger share failed: 1% or 0.01')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Use this profile')
            [CompletionResult]::new('--profiles', '--profiles', [CompletionResultType]::ParameterName, 'Read the profiles from this file')
            [CompletionResult]::new('--provider', '--provider', [CompletionResultType]::ParameterName, 'Use this provider, if no profile names one')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Use colours [default: auto]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Write results in this format [default: table]')
            [CompletionResult]::new('--last', '--last', [CompletionResultType]::ParameterName, 'The last message that was sent')
            [CompletionResult]::new('--curl', '--curl', [CompletionResultType]::ParameterName, 'Print a curl command and send nothing')
            [CompletionResult]::new('--show-secrets', '--show-secrets', [CompletionResultType]::ParameterName, 'Show the secrets that --dry-run and --curl hide')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to the question about many targets')
            [CompletionResult]::new('--sandbox', '--sandbox', [CompletionResultType]::ParameterName, 'Use the mock server inside herald')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Write each step to stderr, without secrets')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Write each step to stderr, without secrets')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Write no warnings and no progress; errors and results stay')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Write no warnings and no progress; errors and results stay')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'herald;clear' {
            [CompletionResult]::new('--to', '--to', [CompletionResultType]::ParameterName, 'Target of the message; repeatable')
            [CompletionResult]::new('--from', '--from', [CompletionResultType]::ParameterName, 'Sender of the message, if the ledger does not have it')
            [CompletionResult]::new('--set', '--set', [CompletionResultType]::ParameterName, 'Field: PATH=TEXT or PATH:=JSON; repeatable')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Print the request and send nothing')
            [CompletionResult]::new('--nonce', '--nonce', [CompletionResultType]::ParameterName, 'Nonce of a printed signature')
            [CompletionResult]::new('--timestamp', '--timestamp', [CompletionResultType]::ParameterName, 'Timestamp of a printed signature')
            [CompletionResult]::new('--deadline', '--deadline', [CompletionResultType]::ParameterName, 'Stop after this time: 500ms, 30s, 2m, 1d [default: 30s]')
            [CompletionResult]::new('--cacert', '--cacert', [CompletionResultType]::ParameterName, 'Trust the certificates in this PEM file, not the built-in ones')
            [CompletionResult]::new('--ledger', '--ledger', [CompletionResultType]::ParameterName, 'File of the ledger [default: ledger.db in herald''s state folder]')
            [CompletionResult]::new('--confirm', '--confirm', [CompletionResultType]::ParameterName, 'Confirm a large audience by the profile''s name')
            [CompletionResult]::new('--allow', '--allow', [CompletionResultType]::ParameterName, 'Ignore this lint rule; repeatable')
            [CompletionResult]::new('--override', '--override', [CompletionResultType]::ParameterName, 'Bypass this guard; repeatable')
            [CompletionResult]::new('--resume', '--resume', [CompletionResultType]::ParameterName, 'Continue what is left of a job of this command')
            [CompletionResult]::new('--concurrency', '--concurrency', [CompletionResultType]::ParameterName, 'Requests in flight at a time, at most [default: 16]')
            [CompletionResult]::new('--results', '--results', [CompletionResultType]::ParameterName, 'Write the outcome of each target into this file')
            [CompletionResult]::new('--abort-above', '--abort-above', [CompletionResultType]::ParameterName, 'Stop if a larger share failed: 1% or 0.01')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Use this profile')
            [CompletionResult]::new('--profiles', '--profiles', [CompletionResultType]::ParameterName, 'Read the profiles from this file')
            [CompletionResult]::new('--provider', '--provider', [CompletionResultType]::ParameterName, 'Use this provider, if no profile names one')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Use colours [default: auto]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Write results in this format [default: table]')
            [CompletionResult]::new('--last', '--last', [CompletionResultType]::ParameterName, 'The last message that was sent')
            [CompletionResult]::new('--curl', '--curl', [CompletionResultType]::ParameterName, 'Print a curl command and send nothing')
            [CompletionResult]::new('--show-secrets', '--show-secrets', [CompletionResultType]::ParameterName, 'Show the secrets that --dry-run and --curl hide')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to the question about many targets')
            [CompletionResult]::new('--sandbox', '--sandbox', [CompletionResultType]::ParameterName, 'Use the mock server inside herald')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Write each step to stderr, without secrets')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Write each step to stderr, without secrets')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Write no warnings and no progress; errors and results stay')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Write no warnings and no progress; errors and results stay')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'herald;get' {
            [CompletionResult]::new('--to', '--to', [CompletionResultType]::ParameterName, 'Target of the message; repeatable')
            [CompletionResult]::new('--from', '--from', [CompletionResultType]::ParameterName, 'Sender of the message, if the ledger does not have it')
            [CompletionResult]::new('--set', '--set', [CompletionResultType]::ParameterName, 'Field: PATH=TEXT or PATH:=JSON; repeatable')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Print the request and send nothing')
            [CompletionResult]::new('--nonce', '--nonce', [CompletionResultType]::ParameterName, 'Nonce of a printed signature')
            [CompletionResult]::new('--timestamp', '--timestamp', [CompletionResultType]::ParameterName, 'Timestamp of a printed signature')
            [CompletionResult]::new('--deadline', '--deadline', [CompletionResultType]::ParameterName, 'Stop after this time: 500ms, 30s, 2m, 1d [default: 30s]')
            [CompletionResult]::new('--cacert', '--cacert', [CompletionResultType]::ParameterName, 'Trust the certificates in this PEM file, not the built-in ones')
            [CompletionResult]::new('--ledger', '--ledger', [CompletionResultType]::ParameterName, 'File of the ledger [default: ledger.db in herald''s state folder]')
            [CompletionResult]::new('--confirm', '--confirm', [CompletionResultType]::ParameterName, 'Confirm a large audience by the profile''s name')
            [CompletionResult]::new('--allow', '--allow', [CompletionResultType]::ParameterName, 'Ignore this lint rule; repeatable')
            [CompletionResult]::new('--override', '--override', [CompletionResultType]::ParameterName, 'Bypass this guard; repeatable')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Use this profile')
            [CompletionResult]::new('--profiles', '--profiles', [CompletionResultType]::ParameterName, 'Read the profiles from this file')
            [CompletionResult]::new('--provider', '--provider', [CompletionResultType]::ParameterName, 'Use this provider, if no profile names one')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Use colours [default: auto]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Write results in this format [default: table]')
            [CompletionResult]::new('--last', '--last', [CompletionResultType]::ParameterName, 'The last message that was sent')
            [CompletionResult]::new('--curl', '--curl', [CompletionResultType]::ParameterName, 'Print a curl command and send nothing')
            [CompletionResult]::new('--show-secrets', '--show-secrets', [CompletionResultType]::ParameterName, 'Show the secrets that --dry-run and --curl hide')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to the question about many targets')
            [CompletionResult]::new('--sandbox', '--sandbox', [CompletionResultType]::ParameterName, 'Use the mock server inside herald')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Write each step to stderr, without secrets')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Write each step to stderr, without secrets')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Write no warnings and no progress; errors and results stay')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Write no warnings and no progress; errors and results stay')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'herald;status' {
            [CompletionResult]::new('--to', '--to', [CompletionResultType]::ParameterName, 'Target of the message; repeatable')
            [CompletionResult]::new('--from', '--from', [CompletionResultType]::ParameterName, 'Sender of the message, if the ledger does not have it')
            [CompletionResult]::new('--set', '--set', [CompletionResultType]::ParameterName, 'Field: PATH=TEXT or PATH:=JSON; repeatable')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Print the request and send nothing')
            [CompletionResult]::new('--nonce', '--nonce', [CompletionResultType]::ParameterName, 'Nonce of a printed signature')
            [CompletionResult]::new('--timestamp', '--timestamp', [CompletionResultType]::ParameterName, 'Timestamp of a printed signature')
            [CompletionResult]::new('--deadline', '--deadline', [CompletionResultType]::ParameterName, 'Stop after this time: 500ms, 30s, 2m, 1d [default: 30s]')
            [CompletionResult]::new('--cacert', '--cacert', [CompletionResultType]::ParameterName, 'Trust the certificates in this PEM file, not the built-in ones')
            [CompletionResult]::new('--ledger', '--ledger', [CompletionResultType]::ParameterName, 'File of the ledger [default: ledger.db in herald''s state folder]')
            [CompletionResult]::new('--confirm', '--confirm', [CompletionResultType]::ParameterName, 'Confirm a large audience by the profile''s name')
            [CompletionResult]::new('--allow', '--allow', [CompletionResultType]::ParameterName, 'Ignore this lint rule; repeatable')
            [CompletionResult]::new('--override', '--override', [CompletionResultType]::ParameterName, 'Bypass this guard; repeatable')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Use this profile')
            [CompletionResult]::new('--profiles', '--profiles', [CompletionResultType]::ParameterName, 'Read the profiles from this file')
            [CompletionResult]::new('--provider', '--provider', [CompletionResultType]::ParameterName, 'Use this provider, if no profile names one')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Use colours [default: auto]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Write results in this format [default: table]')
            [CompletionResult]::new('--last', '--last', [CompletionResultType]::ParameterName, 'The last message that was sent')
            [CompletionResult]::new('--curl', '--curl', [CompletionResultType]::ParameterName, 'Print a curl command and send nothing')
            [CompletionResult]::new('--show-secrets', '--show-secrets', [CompletionResultType]::ParameterName, 'Show the secrets that --dry-run and --curl hide')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to the question about many targets')
            [CompletionResult]::new('--sandbox', '--sandbox', [CompletionResultType]::ParameterName, 'Use the mock server inside herald')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Write each step to stderr, without secrets')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Write each step to stderr, without secrets')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Write no warnings and no progress; errors and results stay')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Write no warnings and no progress; errors and results stay')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'herald;jobs' {
            [CompletionResult]::new('--limit', '--limit', [CompletionResultType]::ParameterName, 'List at most this many jobs [default: 20]')
            [CompletionResult]::new('--ledger', '--ledger', [CompletionResultType]::ParameterName, 'File of the ledger [default: ledger.db in herald''s state folder]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Use this profile')
            [CompletionResult]::new('--profiles', '--profiles', [CompletionResultType]::ParameterName, 'Read the profiles from this file')
            [CompletionResult]::new('--provider', '--provider', [CompletionResultType]::ParameterName, 'Use this provider, if no profile names one')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Use colours [default: auto]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Write results in this format [default: table]')
            [CompletionResult]::new('--watch', '--watch', [CompletionResultType]::ParameterName, 'Update the list each second, until no job runs')
            [CompletionResult]::new('--sandbox', '--sandbox', [CompletionResultType]::ParameterName, 'List the jobs of the sandbox')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Write each step to stderr, without secrets')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Write each step to stderr, without secrets')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Write no warnings and no progress; errors and results stay')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Write no warnings and no progress; errors and results stay')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'herald;stop' {
            [CompletionResult]::new('--ledger', '--ledger', [CompletionResultType]::ParameterName, 'File of the ledger [default: ledger.db in herald''s state folder]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Use this profile')
            [CompletionResult]::new('--profiles', '--profiles', [CompletionResultType]::ParameterName, 'Read the profiles from this file')
            [CompletionResult]::new('--provider', '--provider', [CompletionResultType]::ParameterName, 'Use this provider, if no profile names one')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Use colours [default: auto]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Write results in this format [default: table]')
            [CompletionResult]::new('--sandbox', '--sandbox', [CompletionResultType]::ParameterName, 'Stop a job of the sandbox')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Write each step to stderr, without secrets')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Write each step to stderr, without secrets')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Write no warnings and no progress; errors and results stay')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Write no warnings and no progress; errors and results stay')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'herald;apply' {
            [CompletionResult]::new('--concurrency', '--concurrency', [CompletionResultType]::ParameterName, 'Requests in flight at a time, at most [default: 16]')
            [CompletionResult]::new('--results', '--results', [CompletionResultType]::ParameterName, 'Write the outcome of each target into this file')
            [CompletionResult]::new('--abort-above', '--abort-above', [CompletionResultType]::ParameterName, 'Stop if a larger share failed: 1% or 0.01')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Print the request and send nothing')
            [CompletionResult]::new('--nonce', '--nonce', [CompletionResultType]::ParameterName, 'Nonce of a printed signature')
            [CompletionResult]::new('--timestamp', '--timestamp', [CompletionResultType]::ParameterName, 'Timestamp of a printed signature')
            [CompletionResult]::new('--deadline', '--deadline', [CompletionResultType]::ParameterName, 'Stop after this time: 500ms, 30s, 2m, 1d [default: 30s]')
            [CompletionResult]::new('--cacert', '--cacert', [CompletionResultType]::ParameterName, 'Trust the certificates in this PEM file, not the built-in ones')
            [CompletionResult]::new('--ledger', '--ledger', [CompletionResultType]::ParameterName, 'File of the ledger [default: ledger.db in herald''s state folder]')
            [CompletionResult]::new('--confirm', '--confirm', [CompletionResultType]::ParameterName, 'Confirm a large audience by the profile''s name')
            [CompletionResult]::new('--allow', '--allow', [CompletionResultType]::ParameterName, 'Ignore this lint rule; repeatable')
            [CompletionResult]::new('--override', '--override', [CompletionResultType]::ParameterName, 'Bypass this guard; repeatable')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Use this profile')
            [CompletionResult]::new('--profiles', '--profiles', [CompletionResultType]::ParameterName, 'Read the profiles from this file')
            [CompletionResult]::new('--provider', '--provider', [CompletionResultType]::ParameterName, 'Use this provider, if no profile names one')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Use colours [default: auto]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Write results in this format [default: table]')
            [CompletionResult]::new('--curl', '--curl', [CompletionResultType]::ParameterName, 'Print a curl command and send nothing')
            [CompletionResult]::new('--show-secrets', '--show-secrets', [CompletionResultType]::ParameterName, 'Show the secrets that --dry-run and --curl hide')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to the question about many targets')
            [CompletionResult]::new('--sandbox', '--sandbox', [CompletionResultType]::ParameterName, 'Use the mock server inside herald')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Write each step to stderr, without secrets')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Write each step to stderr, without secrets')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Write no warnings and no progress; errors and results stay')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Write no warnings and no progress; errors and results stay')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'herald;validate' {
            [CompletionResult]::new('--as', '--as', [CompletionResultType]::ParameterName, 'Operation of the payloads; repeatable')
            [CompletionResult]::new('--exclude', '--exclude', [CompletionResultType]::ParameterName, 'Leave out matching files of folders; repeatable')
            [CompletionResult]::new('--allow', '--allow', [CompletionResultType]::ParameterName, 'Ignore this rule, as jpush-v2/V2-13; repeatable')
            [CompletionResult]::new('--report', '--report', [CompletionResultType]::ParameterName, 'Also write a report into this file; repeatable')
            [CompletionResult]::new('--fail-on', '--fail-on', [CompletionResultType]::ParameterName, 'Lowest severity that makes the run fail')
            [CompletionResult]::new('--baseline', '--baseline', [CompletionResultType]::ParameterName, 'Leave out the findings in this baseline')
            [CompletionResult]::new('--write-baseline', '--write-baseline', [CompletionResultType]::ParameterName, 'Write all findings into this baseline')
            [CompletionResult]::new('--max-findings', '--max-findings', [CompletionResultType]::ParameterName, 'Show at most this many findings, errors first; count the rest')
            [CompletionResult]::new('--allow-path', '--allow-path', [CompletionResultType]::ParameterName, 'Follow named links into this folder too; repeatable')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Use this profile')
            [CompletionResult]::new('--profiles', '--profiles', [CompletionResultType]::ParameterName, 'Read the profiles from this file')
            [CompletionResult]::new('--provider', '--provider', [CompletionResultType]::ParameterName, 'Use this provider, if no profile names one')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Use colours [default: auto]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Write results in this format [default: table]')
            [CompletionResult]::new('--statistics', '--statistics', [CompletionResultType]::ParameterName, 'Also show how many findings each rule has')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Write each step to stderr, without secrets')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Write each step to stderr, without secrets')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Write no warnings and no progress; errors and results stay')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Write no warnings and no progress; errors and results stay')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'herald;init' {
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Use this profile')
            [CompletionResult]::new('--profiles', '--profiles', [CompletionResultType]::ParameterName, 'Read the profiles from this file')
            [CompletionResult]::new('--provider', '--provider', [CompletionResultType]::ParameterName, 'Use this provider, if no profile names one')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Use colours [default: auto]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Write results in this format [default: table]')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Write each step to stderr, without secrets')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Write each step to stderr, without secrets')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Write no warnings and no progress; errors and results stay')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Write no warnings and no progress; errors and results stay')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'herald;explain' {
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Use this profile')
            [CompletionResult]::new('--profiles', '--profiles', [CompletionResultType]::ParameterName, 'Read the profiles from this file')
            [CompletionResult]::new('--provider', '--provider', [CompletionResultType]::ParameterName, 'Use this provider, if no profile names one')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Use colours [default: auto]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Write results in this format [default: table]')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Write each step to stderr, without secrets')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Write each step to stderr, without secrets')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Write no warnings and no progress; errors and results stay')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Write no warnings and no progress; errors and results stay')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'herald;providers' {
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Use this profile')
            [CompletionResult]::new('--profiles', '--profiles', [CompletionResultType]::ParameterName, 'Read the profiles from this file')
            [CompletionResult]::new('--provider', '--provider', [CompletionResultType]::ParameterName, 'Use this provider, if no profile names one')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Use colours [default: auto]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Write results in this format [default: table]')
            [CompletionResult]::new('--matrix', '--matrix', [CompletionResultType]::ParameterName, 'Show what each vendor makes of --text, --image, --to and so on')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Write each step to stderr, without secrets')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Write each step to stderr, without secrets')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Write no warnings and no progress; errors and results stay')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Write no warnings and no progress; errors and results stay')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'herald;schema' {
            [CompletionResult]::new('--all', '--all', [CompletionResultType]::ParameterName, 'Write every schema as DIR/PROVIDER/NAME.json')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Use this profile')
            [CompletionResult]::new('--profiles', '--profiles', [CompletionResultType]::ParameterName, 'Read the profiles from this file')
            [CompletionResult]::new('--provider', '--provider', [CompletionResultType]::ParameterName, 'Use this provider, if no profile names one')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Use colours [default: auto]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Write results in this format [default: table]')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Write each step to stderr, without secrets')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Write each step to stderr, without secrets')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Write no warnings and no progress; errors and results stay')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Write no warnings and no progress; errors and results stay')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'herald;sign' {
            [CompletionResult]::new('--body', '--body', [CompletionResultType]::ParameterName, 'Request body from this file; `-` is stdin')
            [CompletionResult]::new('--allow-path', '--allow-path', [CompletionResultType]::ParameterName, 'Allow attached files and links in this folder too; repeatable')
            [CompletionResult]::new('--set', '--set', [CompletionResultType]::ParameterName, 'Field: PATH=TEXT or PATH:=JSON; repeatable')
            [CompletionResult]::new('--verify', '--verify', [CompletionResultType]::ParameterName, 'Check this signature: exit code 0 if right, 1 if not')
            [CompletionResult]::new('--nonce', '--nonce', [CompletionResultType]::ParameterName, 'Nonce instead of a random one')
            [CompletionResult]::new('--timestamp', '--timestamp', [CompletionResultType]::ParameterName, 'Timestamp as the vendor writes it, instead of now')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Use this profile')
            [CompletionResult]::new('--profiles', '--profiles', [CompletionResultType]::ParameterName, 'Read the profiles from this file')
            [CompletionResult]::new('--provider', '--provider', [CompletionResultType]::ParameterName, 'Use this provider, if no profile names one')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Use colours [default: auto]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Write results in this format [default: table]')
            [CompletionResult]::new('--explain', '--explain', [CompletionResultType]::ParameterName, 'Show each part that is hashed')
            [CompletionResult]::new('--show-secrets', '--show-secrets', [CompletionResultType]::ParameterName, 'Show the secret in --explain')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Write each step to stderr, without secrets')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Write each step to stderr, without secrets')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Write no warnings and no progress; errors and results stay')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Write no warnings and no progress; errors and results stay')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'herald;profile' {
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Use this profile')
            [CompletionResult]::new('--profiles', '--profiles', [CompletionResultType]::ParameterName, 'Read the profiles from this file')
            [CompletionResult]::new('--provider', '--provider', [CompletionResultType]::ParameterName, 'Use this provider, if no profile names one')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Use colours [default: auto]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Write results in this format [default: table]')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Write each step to stderr, without secrets')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Write each step to stderr, without secrets')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Write no warnings and no progress; errors and results stay')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Write no warnings and no progress; errors and results stay')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('init', 'init', [CompletionResultType]::ParameterValue, 'Make a profile: ask for its values, and add it to the profiles file')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List the profiles')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show a profile without its secrets, and the source of each value')
            [CompletionResult]::new('check', 'check', [CompletionResultType]::ParameterValue, 'Check that profiles can be used')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'herald;profile;init' {
            [CompletionResult]::new('--set', '--set', [CompletionResultType]::ParameterName, 'Value of a key that is no secret; repeatable')
            [CompletionResult]::new('--secret-env', '--secret-env', [CompletionResultType]::ParameterName, 'Environment variable with the value of a key; repeatable')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Use this profile')
            [CompletionResult]::new('--profiles', '--profiles', [CompletionResultType]::ParameterName, 'Read the profiles from this file')
            [CompletionResult]::new('--provider', '--provider', [CompletionResultType]::ParameterName, 'Use this provider, if no profile names one')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Use colours [default: auto]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Write results in this format [default: table]')
            [CompletionResult]::new('--default', '--default', [CompletionResultType]::ParameterName, 'Make it the default, which commands without --profile use')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Write each step to stderr, without secrets')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Write each step to stderr, without secrets')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Write no warnings and no progress; errors and results stay')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Write no warnings and no progress; errors and results stay')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'herald;profile;list' {
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Use this profile')
            [CompletionResult]::new('--profiles', '--profiles', [CompletionResultType]::ParameterName, 'Read the profiles from this file')
            [CompletionResult]::new('--provider', '--provider', [CompletionResultType]::ParameterName, 'Use this provider, if no profile names one')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Use colours [default: auto]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Write results in this format [default: table]')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Write each step to stderr, without secrets')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Write each step to stderr, without secrets')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Write no warnings and no progress; errors and results stay')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Write no warnings and no progress; errors and results stay')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'herald;profile;show' {
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Use this profile')
            [CompletionResult]::new('--profiles', '--profiles', [CompletionResultType]::ParameterName, 'Read the profiles from this file')
            [CompletionResult]::new('--provider', '--provider', [CompletionResultType]::ParameterName, 'Use this provider, if no profile names one')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Use colours [default: auto]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Write results in this format [default: table]')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Write each step to stderr, without secrets')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Write each step to stderr, without secrets')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Write no warnings and no progress; errors and results stay')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Write no warnings and no progress; errors and results stay')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'herald;profile;check' {
            [CompletionResult]::new('--deadline', '--deadline', [CompletionResultType]::ParameterName, 'Stop waiting for the vendor after this time [default: 30s]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Use this profile')
            [CompletionResult]::new('--profiles', '--profiles', [CompletionResultType]::ParameterName, 'Read the profiles from this file')
            [CompletionResult]::new('--provider', '--provider', [CompletionResultType]::ParameterName, 'Use this provider, if no profile names one')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Use colours [default: auto]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Write results in this format [default: table]')
            [CompletionResult]::new('--online', '--online', [CompletionResultType]::ParameterName, 'Also ask the vendor, with a call that changes nothing')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Write each step to stderr, without secrets')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Write each step to stderr, without secrets')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Write no warnings and no progress; errors and results stay')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Write no warnings and no progress; errors and results stay')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'herald;profile;help' {
            [CompletionResult]::new('init', 'init', [CompletionResultType]::ParameterValue, 'Make a profile: ask for its values, and add it to the profiles file')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List the profiles')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show a profile without its secrets, and the source of each value')
            [CompletionResult]::new('check', 'check', [CompletionResultType]::ParameterValue, 'Check that profiles can be used')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'herald;profile;help;init' {
            break
        }
        'herald;profile;help;list' {
            break
        }
        'herald;profile;help;show' {
            break
        }
        'herald;profile;help;check' {
            break
        }
        'herald;profile;help;help' {
            break
        }
        'herald;sandbox' {
            [CompletionResult]::new('--listen', '--listen', [CompletionResultType]::ParameterName, 'Address and port; port 0 is any free port')
            [CompletionResult]::new('--state', '--state', [CompletionResultType]::ParameterName, 'Keep the state in this folder for the next start')
            [CompletionResult]::new('--switch', '--switch', [CompletionResultType]::ParameterName, 'Change the behaviour of a provider; repeatable')
            [CompletionResult]::new('--log', '--log', [CompletionResultType]::ParameterName, 'Add each request and its answer to this file')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Use this profile')
            [CompletionResult]::new('--profiles', '--profiles', [CompletionResultType]::ParameterName, 'Read the profiles from this file')
            [CompletionResult]::new('--provider', '--provider', [CompletionResultType]::ParameterName, 'Use this provider, if no profile names one')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Use colours [default: auto]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Write results in this format [default: table]')
            [CompletionResult]::new('--expose', '--expose', [CompletionResultType]::ParameterName, 'Allow an address that other machines can reach')
            [CompletionResult]::new('--memory', '--memory', [CompletionResultType]::ParameterName, 'Keep the state in memory; this is the default')
            [CompletionResult]::new('--print-profiles', '--print-profiles', [CompletionResultType]::ParameterName, 'Print profiles for this address, and end')
            [CompletionResult]::new('--print-env', '--print-env', [CompletionResultType]::ParameterName, 'Print environment variables for this address, and end')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Write each step to stderr, without secrets')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Write each step to stderr, without secrets')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Write no warnings and no progress; errors and results stay')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Write no warnings and no progress; errors and results stay')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'herald;completions' {
            [CompletionResult]::new('--dir', '--dir', [CompletionResultType]::ParameterName, 'Write into this folder instead of printing')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Use this profile')
            [CompletionResult]::new('--profiles', '--profiles', [CompletionResultType]::ParameterName, 'Read the profiles from this file')
            [CompletionResult]::new('--provider', '--provider', [CompletionResultType]::ParameterName, 'Use this provider, if no profile names one')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Use colours [default: auto]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Write results in this format [default: table]')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Write each step to stderr, without secrets')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Write each step to stderr, without secrets')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Write no warnings and no progress; errors and results stay')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Write no warnings and no progress; errors and results stay')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'herald;help' {
            [CompletionResult]::new('send', 'send', [CompletionResultType]::ParameterValue, 'Send one message to named targets')
            [CompletionResult]::new('broadcast', 'broadcast', [CompletionResultType]::ParameterValue, 'Send one message to a list, a tag, a package or everybody')
            [CompletionResult]::new('upload', 'upload', [CompletionResultType]::ParameterValue, 'Upload files to a vendor that takes them')
            [CompletionResult]::new('call', 'call', [CompletionResultType]::ParameterValue, 'Call any operation of a vendor''s API')
            [CompletionResult]::new('history', 'history', [CompletionResultType]::ParameterValue, 'Show what was sent and its outcome; resolve what is unknown')
            [CompletionResult]::new('recall', 'recall', [CompletionResultType]::ParameterValue, 'Recall messages that were sent')
            [CompletionResult]::new('update', 'update', [CompletionResultType]::ParameterValue, 'Replace the content of a message that was sent')
            [CompletionResult]::new('delete', 'delete', [CompletionResultType]::ParameterValue, 'Delete a message that was sent')
            [CompletionResult]::new('clear', 'clear', [CompletionResultType]::ParameterValue, 'Clear the messages of a conversation')
            [CompletionResult]::new('get', 'get', [CompletionResultType]::ParameterValue, 'Fetch a message that was sent')
            [CompletionResult]::new('status', 'status', [CompletionResultType]::ParameterValue, 'Ask the vendor for the state of a message that was sent')
            [CompletionResult]::new('jobs', 'jobs', [CompletionResultType]::ParameterValue, 'List jobs: what is done, what is left, what is recalled')
            [CompletionResult]::new('stop', 'stop', [CompletionResultType]::ParameterValue, 'Stop a job before its next batch')
            [CompletionResult]::new('apply', 'apply', [CompletionResultType]::ParameterValue, 'Send a plan that `broadcast --plan` wrote: exactly that, and once')
            [CompletionResult]::new('validate', 'validate', [CompletionResultType]::ParameterValue, 'Lint payload files, folders, NDJSON and stdin, offline')
            [CompletionResult]::new('init', 'init', [CompletionResultType]::ParameterValue, 'Write a herald.toml for the payloads of a folder')
            [CompletionResult]::new('explain', 'explain', [CompletionResultType]::ParameterValue, 'Explain a rule, a vendor''s error code or a word that herald prints')
            [CompletionResult]::new('providers', 'providers', [CompletionResultType]::ParameterValue, 'Show what each vendor takes: operations, types, fields, limits')
            [CompletionResult]::new('schema', 'schema', [CompletionResultType]::ParameterValue, 'Write JSON Schemas of operations, types and herald''s output')
            [CompletionResult]::new('sign', 'sign', [CompletionResultType]::ParameterValue, 'Print a signature and its headers, explain it, or verify one')
            [CompletionResult]::new('profile', 'profile', [CompletionResultType]::ParameterValue, 'Make, list, show and check profiles')
            [CompletionResult]::new('sandbox', 'sandbox', [CompletionResultType]::ParameterValue, 'Serve the sandbox: a local mock server of the vendors')
            [CompletionResult]::new('completions', 'completions', [CompletionResultType]::ParameterValue, 'Print a shell''s completion script, or the manual pages')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'herald;help;send' {
            break
        }
        'herald;help;broadcast' {
            break
        }
        'herald;help;upload' {
            break
        }
        'herald;help;call' {
            break
        }
        'herald;help;history' {
            break
        }
        'herald;help;recall' {
            break
        }
        'herald;help;update' {
            break
        }
        'herald;help;delete' {
            break
        }
        'herald;help;clear' {
            break
        }
        'herald;help;get' {
            break
        }
        'herald;help;status' {
            break
        }
        'herald;help;jobs' {
            break
        }
        'herald;help;stop' {
            break
        }
        'herald;help;apply' {
            break
        }
        'herald;help;validate' {
            break
        }
        'herald;help;init' {
            break
        }
        'herald;help;explain' {
            break
        }
        'herald;help;providers' {
            break
        }
        'herald;help;schema' {
            break
        }
        'herald;help;sign' {
            break
        }
        'herald;help;profile' {
            break
        }
        'herald;help;sandbox' {
            break
        }
        'herald;help;completions' {
            break
        }
        'herald;help;help' {
            break
        }
    })

    $completions.Where{ $_.CompletionText -like "$wordToComplete*" } |
        Sort-Object -Property ListItemText
}
