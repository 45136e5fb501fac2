
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
            [CompletionResult]::new('--profiles', '--profiles', [CompletionResultType]::ParameterName, 'Read profiles from this file')
            [CompletionResult]::new('--provider', '--provider', [CompletionResultType]::ParameterName, 'Use this provider, where no profile says which')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Write results in this format [default: table]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour what is written [default: auto]')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Tell each phase on stderr, without secrets')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Tell each phase on stderr, without secrets')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Keep remarks back; errors and results stay')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Keep remarks back; errors and results stay')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('send', 'send', [CompletionResultType]::ParameterValue, 'Send one message to named users, groups, rooms, aliases or registration ids')
            [CompletionResult]::new('broadcast', 'broadcast', [CompletionResultType]::ParameterValue, 'Send one message to everybody, a tag, a package or a list')
            [CompletionResult]::new('apply', 'apply', [CompletionResultType]::ParameterValue, 'Carry out a plan that `broadcast --plan` wrote: exactly that, once')
            [CompletionResult]::new('stop', 'stop', [CompletionResultType]::ParameterValue, 'Halt a job before its next batch')
            [CompletionResult]::new('recall', 'recall', [CompletionResultType]::ParameterValue, 'Recall what was sent: by ledger id, by the vendor''s id, or the last one')
            [CompletionResult]::new('update', 'update', [CompletionResultType]::ParameterValue, 'Replace the content of a message that was sent')
            [CompletionResult]::new('delete', 'delete', [CompletionResultType]::ParameterValue, 'Delete a message that was sent')
            [CompletionResult]::new('clear', 'clear', [CompletionResultType]::ParameterValue, 'Clear the messages of a conversation')
            [CompletionResult]::new('get', 'get', [CompletionResultType]::ParameterValue, 'Fetch a message that was sent')
            [CompletionResult]::new('status', 'status', [CompletionResultType]::ParameterValue, 'Ask what became of a message that was sent')
            [CompletionResult]::new('call', 'call', [CompletionResultType]::ParameterValue, 'Call any operation of a contract')
            [CompletionResult]::new('upload', 'upload', [CompletionResultType]::ParameterValue, 'Upload files to a vendor that takes them')
            [CompletionResult]::new('validate', 'validate', [CompletionResultType]::ParameterValue, 'Lint payload files, folders, NDJSON and stdin; offline, without credentials')
            [CompletionResult]::new('sign', 'sign', [CompletionResultType]::ParameterValue, 'Print a signature and its headers, explain it, or verify one')
            [CompletionResult]::new('profile', 'profile', [CompletionResultType]::ParameterValue, 'Make, list, show and check profiles')
            [CompletionResult]::new('history', 'history', [CompletionResultType]::ParameterValue, 'Show what was sent, its ids and outcome, and resolve what is unknown')
            [CompletionResult]::new('jobs', 'jobs', [CompletionResultType]::ParameterValue, 'List jobs: what is done, what is left, what is recalled')
            [CompletionResult]::new('explain', 'explain', [CompletionResultType]::ParameterValue, 'Explain a lint rule, a vendor''s error code or a word that herald prints')
            [CompletionResult]::new('schema', 'schema', [CompletionResultType]::ParameterValue, 'Write JSON Schemas of operations, message types and herald''s own output')
            [CompletionResult]::new('providers', 'providers', [CompletionResultType]::ParameterValue, 'Show what can be sent: operations, message types, fields, limits, rates')
            [CompletionResult]::new('sandbox', 'sandbox', [CompletionResultType]::ParameterValue, 'Serve a local mock server of the vendors')
            [CompletionResult]::new('completions', 'completions', [CompletionResultType]::ParameterValue, 'Print the completion script of a shell, or the manual pages')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'herald;send' {
            [CompletionResult]::new('--to', '--to', [CompletionResultType]::ParameterName, 'Name a target: user:bob, group:g1; repeatable')
            [CompletionResult]::new('--from', '--from', [CompletionResultType]::ParameterName, 'Name the sender')
            [CompletionResult]::new('--text', '--text', [CompletionResultType]::ParameterName, 'Send a text')
            [CompletionResult]::new('--text-file', '--text-file', [CompletionResultType]::ParameterName, 'Send the text in this file, in UTF-8; `-` is stdin')
            [CompletionResult]::new('--image', '--image', [CompletionResultType]::ParameterName, 'Send a picture: its address, or a local file where the vendor takes uploads')
            [CompletionResult]::new('--voice', '--voice', [CompletionResultType]::ParameterName, 'Send a voice message, given as a picture is')
            [CompletionResult]::new('--video', '--video', [CompletionResultType]::ParameterName, 'Send a video, given as a picture is')
            [CompletionResult]::new('--file', '--file', [CompletionResultType]::ParameterName, 'Send a file, given as a picture is')
            [CompletionResult]::new('--location', '--location', [CompletionResultType]::ParameterName, 'Send a place, in degrees: 39.9,116.4,Beijing')
            [CompletionResult]::new('--command', '--command', [CompletionResultType]::ParameterName, 'Send a command that the app acts on and does not show')
            [CompletionResult]::new('--title', '--title', [CompletionResultType]::ParameterName, 'Give it a title, where the vendor has one')
            [CompletionResult]::new('--extra', '--extra', [CompletionResultType]::ParameterName, 'Add a pair of the app''s own data; repeatable')
            [CompletionResult]::new('--type', '--type', [CompletionResultType]::ParameterName, 'Send one of the vendor''s own types, by its id or by the vendor''s name for it; its fields are given with --set')
            [CompletionResult]::new('--set', '--set', [CompletionResultType]::ParameterName, 'Set a field of the contract: PATH=TEXT, typed by the contract, or PATH:=JSON; repeatable')
            [CompletionResult]::new('--body', '--body', [CompletionResultType]::ParameterName, 'Take the whole request body from a file; `-` is stdin')
            [CompletionResult]::new('--allow-path', '--allow-path', [CompletionResultType]::ParameterName, 'Let files that the payload names lie in this folder, too, and links lead there; repeatable')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Print the request instead of sending it; opens no socket. `=server` asks the vendor''s own check')
            [CompletionResult]::new('--nonce', '--nonce', [CompletionResultType]::ParameterName, 'Fix the nonce of a printed signature')
            [CompletionResult]::new('--timestamp', '--timestamp', [CompletionResultType]::ParameterName, 'Fix the timestamp of a printed signature')
            [CompletionResult]::new('--deadline', '--deadline', [CompletionResultType]::ParameterName, 'Give up after this time in all: 500ms, 1.5s, 2m, 1h, 1d [default: 30s; a list has no end, and 30s a request]')
            [CompletionResult]::new('--cacert', '--cacert', [CompletionResultType]::ParameterName, 'Trust the certificates in this PEM file instead of the ones compiled in')
            [CompletionResult]::new('--ledger', '--ledger', [CompletionResultType]::ParameterName, 'Keep the ledger in this file [default: ledger.db in herald''s folder for state]')
            [CompletionResult]::new('--confirm', '--confirm', [CompletionResultType]::ParameterName, 'Confirm a send to everybody, a tag, a package or more than max_targets, by the profile''s name')
            [CompletionResult]::new('--allow', '--allow', [CompletionResultType]::ParameterName, 'Waive one lint rule by its code, the part of a finding in brackets; repeatable')
            [CompletionResult]::new('--override', '--override', [CompletionResultType]::ParameterName, 'Pass one guard by its name, where it allows that; repeatable, recorded in the ledger')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Use this profile')
            [CompletionResult]::new('--profiles', '--profiles', [CompletionResultType]::ParameterName, 'Read profiles from this file')
            [CompletionResult]::new('--provider', '--provider', [CompletionResultType]::ParameterName, 'Use this provider, where no profile says which')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour what is written [default: auto]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Write results in this format [default: table]')
            [CompletionResult]::new('--allow-empty', '--allow-empty', [CompletionResultType]::ParameterName, 'Send a text or a title that shows nothing, as a silent push has it')
            [CompletionResult]::new('--curl', '--curl', [CompletionResultType]::ParameterName, 'Print the request as a curl command instead of sending it')
            [CompletionResult]::new('--show-secrets', '--show-secrets', [CompletionResultType]::ParameterName, 'Show secrets and signatures in what --dry-run and --curl print')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes where more targets than the profile''s confirm_above (default 100) raise a question')
            [CompletionResult]::new('--sandbox', '--sandbox', [CompletionResultType]::ParameterName, 'Run against the mock server inside herald: no credentials, no network')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Tell each phase on stderr, without secrets')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Tell each phase on stderr, without secrets')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Keep remarks back; errors and results stay')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Keep remarks back; errors and results stay')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'herald;broadcast' {
            [CompletionResult]::new('--tag', '--tag', [CompletionResultType]::ParameterName, 'Reach the users who have this tag; repeatable: those who have any of the tags')
            [CompletionResult]::new('--package', '--package', [CompletionResultType]::ParameterName, 'Reach the users of this app package')
            [CompletionResult]::new('--targets', '--targets', [CompletionResultType]::ParameterName, 'Reach the targets of this list: a target a line as --to takes it, CSV with --column, NDJSON, or JSON; `-` is stdin')
            [CompletionResult]::new('--column', '--column', [CompletionResultType]::ParameterName, 'Find the targets in this column of a CSV')
            [CompletionResult]::new('--form', '--form', [CompletionResultType]::ParameterName, 'Read the list as this, where its name does not say it')
            [CompletionResult]::new('--encoding', '--encoding', [CompletionResultType]::ParameterName, 'Read the list in this encoding: utf-8, gbk, gb18030, utf-16, utf-16le, utf-16be')
            [CompletionResult]::new('--resume', '--resume', [CompletionResultType]::ParameterName, 'Go on with what is left of a job, by its name, or by its id or a part of at least 6 digits of it')
            [CompletionResult]::new('--to', '--to', [CompletionResultType]::ParameterName, 'Name a target: user:bob, group:g1; repeatable')
            [CompletionResult]::new('--from', '--from', [CompletionResultType]::ParameterName, 'Name the sender')
            [CompletionResult]::new('--text', '--text', [CompletionResultType]::ParameterName, 'Send a text')
            [CompletionResult]::new('--text-file', '--text-file', [CompletionResultType]::ParameterName, 'Send the text in this file, in UTF-8; `-` is stdin')
            [CompletionResult]::new('--image', '--image', [CompletionResultType]::ParameterName, 'Send a picture: its address, or a local file where the vendor takes uploads')
            [CompletionResult]::new('--voice', '--voice', [CompletionResultType]::ParameterName, 'Send a voice message, given as a picture is')
            [CompletionResult]::new('--video', '--video', [CompletionResultType]::ParameterName, 'Send a video, given as a picture is')
            [CompletionResult]::new('--file', '--file', [CompletionResultType]::ParameterName, 'Send a file, given as a picture is')
            [CompletionResult]::new('--location', '--location', [CompletionResultType]::ParameterName, 'Send a place, in degrees: 39.9,116.4,Beijing')
            [CompletionResult]::new('--command', '--command', [CompletionResultType]::ParameterName, 'Send a command that the app acts on and does not show')
            [CompletionResult]::new('--title', '--title', [CompletionResultType]::ParameterName, 'Give it a title, where the vendor has one')
            [CompletionResult]::new('--extra', '--extra', [CompletionResultType]::ParameterName, 'Add a pair of the app''s own data; repeatable')
            [CompletionResult]::new('--type', '--type', [CompletionResultType]::ParameterName, 'Send one of the vendor''s own types, by its id or by the vendor''s name for it; its fields are given with --set')
            [CompletionResult]::new('--set', '--set', [CompletionResultType]::ParameterName, 'Set a field of the contract: PATH=TEXT, typed by the contract, or PATH:=JSON; repeatable')
            [CompletionResult]::new('--body', '--body', [CompletionResultType]::ParameterName, 'Take the whole request body from a file; `-` is stdin')
            [CompletionResult]::new('--allow-path', '--allow-path', [CompletionResultType]::ParameterName, 'Let files that the payload names lie in this folder, too, and links lead there; repeatable')
            [CompletionResult]::new('--job', '--job', [CompletionResultType]::ParameterName, 'Name the job, for --resume, `stop`, `recall --job` and the guard against audiences that grow')
            [CompletionResult]::new('--concurrency', '--concurrency', [CompletionResultType]::ParameterName, 'The most requests that may be in flight at a time [default: 16]')
            [CompletionResult]::new('--results', '--results', [CompletionResultType]::ParameterName, 'Write the outcome of each target into this file, a JSON object a line; a target without a request yet is `planned`')
            [CompletionResult]::new('--abort-above', '--abort-above', [CompletionResultType]::ParameterName, 'Halt when more than this share of the targets failed: 1% or 0.01 [default: 1% with --canary, else none]')
            [CompletionResult]::new('--canary', '--canary', [CompletionResultType]::ParameterName, 'Reach the first N targets of the list, wait for --soak, and go on if no more than --abort-above failed')
            [CompletionResult]::new('--soak', '--soak', [CompletionResultType]::ParameterName, 'Wait so long after the canary [default: 60s]')
            [CompletionResult]::new('--plan', '--plan', [CompletionResultType]::ParameterName, 'Write down what would go out instead of sending it: `herald apply FILE` sends exactly that, once')
            [CompletionResult]::new('--valid-for', '--valid-for', [CompletionResultType]::ParameterName, 'Let the plan be applied within this time, at most 24h [default: 1h]')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Print the request instead of sending it; opens no socket. `=server` asks the vendor''s own check')
            [CompletionResult]::new('--nonce', '--nonce', [CompletionResultType]::ParameterName, 'Fix the nonce of a printed signature')
            [CompletionResult]::new('--timestamp', '--timestamp', [CompletionResultType]::ParameterName, 'Fix the timestamp of a printed signature')
            [CompletionResult]::new('--deadline', '--deadline', [CompletionResultType]::ParameterName, 'Give up after this time in all: 500ms, 1.5s, 2m, 1h, 1d [default: 30s; a list has no end, and 30s a request]')
            [CompletionResult]::new('--cacert', '--cacert', [CompletionResultType]::ParameterName, 'Trust the certificates in this PEM file instead of the ones compiled in')
            [CompletionResult]::new('--ledger', '--ledger', [CompletionResultType]::ParameterName, 'Keep the ledger in this file [default: ledger.db in herald''s folder for state]')
            [CompletionResult]::new('--confirm', '--confirm', [CompletionResultType]::ParameterName, 'Confirm a send to everybody, a tag, a package or more than max_targets, by the profile''s name')
            [CompletionResult]::new('--allow', '--allow', [CompletionResultType]::ParameterName, 'Waive one lint rule by its code, the part of a finding in brackets; repeatable')
            [CompletionResult]::new('--override', '--override', [CompletionResultType]::ParameterName, 'Pass one guard by its name, where it allows that; repeatable, recorded in the ledger')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Use this profile')
            [CompletionResult]::new('--profiles', '--profiles', [CompletionResultType]::ParameterName, 'Read profiles from this file')
            [CompletionResult]::new('--provider', '--provider', [CompletionResultType]::ParameterName, 'Use this provider, where no profile says which')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour what is written [default: auto]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Write results in this format [default: table]')
            [CompletionResult]::new('--all', '--all', [CompletionResultType]::ParameterName, 'Reach everybody; has to be confirmed')
            [CompletionResult]::new('--skip-invalid', '--skip-invalid', [CompletionResultType]::ParameterName, 'Leave out entries that cannot be used, instead of sending nothing; --results tells them as `skipped`')
            [CompletionResult]::new('--allow-empty', '--allow-empty', [CompletionResultType]::ParameterName, 'Send a text or a title that shows nothing, as a silent push has it')
            [CompletionResult]::new('--curl', '--curl', [CompletionResultType]::ParameterName, 'Print the request as a curl command instead of sending it')
            [CompletionResult]::new('--show-secrets', '--show-secrets', [CompletionResultType]::ParameterName, 'Show secrets and signatures in what --dry-run and --curl print')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes where more targets than the profile''s confirm_above (default 100) raise a question')
            [CompletionResult]::new('--sandbox', '--sandbox', [CompletionResultType]::ParameterName, 'Run against the mock server inside herald: no credentials, no network')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Tell each phase on stderr, without secrets')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Tell each phase on stderr, without secrets')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Keep remarks back; errors and results stay')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Keep remarks back; errors and results stay')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'herald;apply' {
            [CompletionResult]::new('--concurrency', '--concurrency', [CompletionResultType]::ParameterName, 'The most requests that may be in flight at a time [default: 16]')
            [CompletionResult]::new('--results', '--results', [CompletionResultType]::ParameterName, 'Write the outcome of each target into this file, a JSON object a line; a target without a request yet is `planned`')
            [CompletionResult]::new('--abort-above', '--abort-above', [CompletionResultType]::ParameterName, 'Halt when more than this share of the targets failed: 1% or 0.01 [default: 1% with --canary, else none]')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Print the request instead of sending it; opens no socket. `=server` asks the vendor''s own check')
            [CompletionResult]::new('--nonce', '--nonce', [CompletionResultType]::ParameterName, 'Fix the nonce of a printed signature')
            [CompletionResult]::new('--timestamp', '--timestamp', [CompletionResultType]::ParameterName, 'Fix the timestamp of a printed signature')
            [CompletionResult]::new('--deadline', '--deadline', [CompletionResultType]::ParameterName, 'Give up after this time in all: 500ms, 1.5s, 2m, 1h, 1d [default: 30s; a list has no end, and 30s a request]')
            [CompletionResult]::new('--cacert', '--cacert', [CompletionResultType]::ParameterName, 'Trust the certificates in this PEM file instead of the ones compiled in')
            [CompletionResult]::new('--ledger', '--ledger', [CompletionResultType]::ParameterName, 'Keep the ledger in this file [default: ledger.db in herald''s folder for state]')
            [CompletionResult]::new('--confirm', '--confirm', [CompletionResultType]::ParameterName, 'Confirm a send to everybody, a tag, a package or more than max_targets, by the profile''s name')
            [CompletionResult]::new('--allow', '--allow', [CompletionResultType]::ParameterName, 'Waive one lint rule by its code, the part of a finding in brackets; repeatable')
            [CompletionResult]::new('--override', '--override', [CompletionResultType]::ParameterName, 'Pass one guard by its name, where it allows that; repeatable, recorded in the ledger')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Use this profile')
            [CompletionResult]::new('--profiles', '--profiles', [CompletionResultType]::ParameterName, 'Read profiles from this file')
            [CompletionResult]::new('--provider', '--provider', [CompletionResultType]::ParameterName, 'Use this provider, where no profile says which')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour what is written [default: auto]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Write results in this format [default: table]')
            [CompletionResult]::new('--curl', '--curl', [CompletionResultType]::ParameterName, 'Print the request as a curl command instead of sending it')
            [CompletionResult]::new('--show-secrets', '--show-secrets', [CompletionResultType]::ParameterName, 'Show secrets and signatures in what --dry-run and --curl print')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes where more targets than the profile''s confirm_above (default 100) raise a question')
            [CompletionResult]::new('--sandbox', '--sandbox', [CompletionResultType]::ParameterName, 'Run against the mock server inside herald: no credentials, no network')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Tell each phase on stderr, without secrets')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Tell each phase on stderr, without secrets')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Keep remarks back; errors and results stay')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Keep remarks back; errors and results stay')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'herald;stop' {
            [CompletionResult]::new('--ledger', '--ledger', [CompletionResultType]::ParameterName, 'Look for it in this ledger')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Use this profile')
            [CompletionResult]::new('--profiles', '--profiles', [CompletionResultType]::ParameterName, 'Read profiles from this file')
            [CompletionResult]::new('--provider', '--provider', [CompletionResultType]::ParameterName, 'Use this provider, where no profile says which')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour what is written [default: auto]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Write results in this format [default: table]')
            [CompletionResult]::new('--sandbox', '--sandbox', [CompletionResultType]::ParameterName, 'Stop a job of the sandbox')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Tell each phase on stderr, without secrets')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Tell each phase on stderr, without secrets')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Keep remarks back; errors and results stay')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Keep remarks back; errors and results stay')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'herald;recall' {
            [CompletionResult]::new('--to', '--to', [CompletionResultType]::ParameterName, 'Name the user, group or room that it is about, where the ledger does not know')
            [CompletionResult]::new('--from', '--from', [CompletionResultType]::ParameterName, 'Name who acts, where the ledger does not know')
            [CompletionResult]::new('--set', '--set', [CompletionResultType]::ParameterName, 'Set a field of the contract: PATH=TEXT or PATH:=JSON; repeatable')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Print the request instead of sending it; opens no socket. `=server` asks the vendor''s own check')
            [CompletionResult]::new('--nonce', '--nonce', [CompletionResultType]::ParameterName, 'Fix the nonce of a printed signature')
            [CompletionResult]::new('--timestamp', '--timestamp', [CompletionResultType]::ParameterName, 'Fix the timestamp of a printed signature')
            [CompletionResult]::new('--deadline', '--deadline', [CompletionResultType]::ParameterName, 'Give up after this time in all: 500ms, 1.5s, 2m, 1h, 1d [default: 30s; a list has no end, and 30s a request]')
            [CompletionResult]::new('--cacert', '--cacert', [CompletionResultType]::ParameterName, 'Trust the certificates in this PEM file instead of the ones compiled in')
            [CompletionResult]::new('--ledger', '--ledger', [CompletionResultType]::ParameterName, 'Keep the ledger in this file [default: ledger.db in herald''s folder for state]')
            [CompletionResult]::new('--confirm', '--confirm', [CompletionResultType]::ParameterName, 'Confirm a send to everybody, a tag, a package or more than max_targets, by the profile''s name')
            [CompletionResult]::new('--allow', '--allow', [CompletionResultType]::ParameterName, 'Waive one lint rule by its code, the part of a finding in brackets; repeatable')
            [CompletionResult]::new('--override', '--override', [CompletionResultType]::ParameterName, 'Pass one guard by its name, where it allows that; repeatable, recorded in the ledger')
            [CompletionResult]::new('--job', '--job', [CompletionResultType]::ParameterName, 'Recall all that a job has sent, by its name or its id')
            [CompletionResult]::new('--targets', '--targets', [CompletionResultType]::ParameterName, 'Recall it from the users of this list alone, in the forms that a broadcast takes; `-` is stdin')
            [CompletionResult]::new('--column', '--column', [CompletionResultType]::ParameterName, 'Find the targets in this column of a CSV')
            [CompletionResult]::new('--form', '--form', [CompletionResultType]::ParameterName, 'Read the list as this, where its name does not say it')
            [CompletionResult]::new('--encoding', '--encoding', [CompletionResultType]::ParameterName, 'Read the list in this encoding: utf-8, gbk, gb18030, utf-16, utf-16le, utf-16be')
            [CompletionResult]::new('--resume', '--resume', [CompletionResultType]::ParameterName, 'Go on with what is left of such a command that was halted, by the id or the name of its job')
            [CompletionResult]::new('--concurrency', '--concurrency', [CompletionResultType]::ParameterName, 'The most requests that may be in flight at a time [default: 16]')
            [CompletionResult]::new('--results', '--results', [CompletionResultType]::ParameterName, 'Write the outcome of each target into this file, a JSON object a line; a target without a request yet is `planned`')
            [CompletionResult]::new('--abort-above', '--abort-above', [CompletionResultType]::ParameterName, 'Halt when more than this share of the targets failed: 1% or 0.01 [default: 1% with --canary, else none]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Use this profile')
            [CompletionResult]::new('--profiles', '--profiles', [CompletionResultType]::ParameterName, 'Read profiles from this file')
            [CompletionResult]::new('--provider', '--provider', [CompletionResultType]::ParameterName, 'Use this provider, where no profile says which')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour what is written [default: auto]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Write results in this format [default: table]')
            [CompletionResult]::new('--last', '--last', [CompletionResultType]::ParameterName, 'Mean what was sent last, with this profile where one is named')
            [CompletionResult]::new('--curl', '--curl', [CompletionResultType]::ParameterName, 'Print the request as a curl command instead of sending it')
            [CompletionResult]::new('--show-secrets', '--show-secrets', [CompletionResultType]::ParameterName, 'Show secrets and signatures in what --dry-run and --curl print')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes where more targets than the profile''s confirm_above (default 100) raise a question')
            [CompletionResult]::new('--sandbox', '--sandbox', [CompletionResultType]::ParameterName, 'Run against the mock server inside herald: no credentials, no network')
            [CompletionResult]::new('--skip-invalid', '--skip-invalid', [CompletionResultType]::ParameterName, 'Leave out entries that cannot be used, instead of recalling nothing')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Tell each phase on stderr, without secrets')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Tell each phase on stderr, without secrets')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Keep remarks back; errors and results stay')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Keep remarks back; errors and results stay')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'herald;update' {
            [CompletionResult]::new('--resume', '--resume', [CompletionResultType]::ParameterName, 'Go on with what is left of an update of many that was halted, by the id or the name of its job')
            [CompletionResult]::new('--to', '--to', [CompletionResultType]::ParameterName, 'Name a target: user:bob, group:g1; repeatable')
            [CompletionResult]::new('--from', '--from', [CompletionResultType]::ParameterName, 'Name the sender')
            [CompletionResult]::new('--text', '--text', [CompletionResultType]::ParameterName, 'Send a text')
            [CompletionResult]::new('--text-file', '--text-file', [CompletionResultType]::ParameterName, 'Send the text in this file, in UTF-8; `-` is stdin')
            [CompletionResult]::new('--image', '--image', [CompletionResultType]::ParameterName, 'Send a picture: its address, or a local file where the vendor takes uploads')
            [CompletionResult]::new('--voice', '--voice', [CompletionResultType]::ParameterName, 'Send a voice message, given as a picture is')
            [CompletionResult]::new('--video', '--video', [CompletionResultType]::ParameterName, 'Send a video, given as a picture is')
            [CompletionResult]::new('--file', '--file', [CompletionResultType]::ParameterName, 'Send a file, given as a picture is')
            [CompletionResult]::new('--location', '--location', [CompletionResultType]::ParameterName, 'Send a place, in degrees: 39.9,116.4,Beijing')
            [CompletionResult]::new('--command', '--command', [CompletionResultType]::ParameterName, 'Send a command that the app acts on and does not show')
            [CompletionResult]::new('--title', '--title', [CompletionResultType]::ParameterName, 'Give it a title, where the vendor has one')
            [CompletionResult]::new('--extra', '--extra', [CompletionResultType]::ParameterName, 'Add a pair of the app''s own data; repeatable')
            [CompletionResult]::new('--type', '--type', [CompletionResultType]::ParameterName, 'Send one of the vendor''s own types, by its id or by the vendor''s name for it; its fields are given with --set')
            [CompletionResult]::new('--set', '--set', [CompletionResultType]::ParameterName, 'Set a field of the contract: PATH=TEXT, typed by the contract, or PATH:=JSON; repeatable')
            [CompletionResult]::new('--body', '--body', [CompletionResultType]::ParameterName, 'Take the whole request body from a file; `-` is stdin')
            [CompletionResult]::new('--allow-path', '--allow-path', [CompletionResultType]::ParameterName, 'Let files that the payload names lie in this folder, too, and links lead there; repeatable')
            [CompletionResult]::new('--concurrency', '--concurrency', [CompletionResultType]::ParameterName, 'The most requests that may be in flight at a time [default: 16]')
            [CompletionResult]::new('--results', '--results', [CompletionResultType]::ParameterName, 'Write the outcome of each target into this file, a JSON object a line; a target without a request yet is `planned`')
            [CompletionResult]::new('--abort-above', '--abort-above', [CompletionResultType]::ParameterName, 'Halt when more than this share of the targets failed: 1% or 0.01 [default: 1% with --canary, else none]')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Print the request instead of sending it; opens no socket. `=server` asks the vendor''s own check')
            [CompletionResult]::new('--nonce', '--nonce', [CompletionResultType]::ParameterName, 'Fix the nonce of a printed signature')
            [CompletionResult]::new('--timestamp', '--timestamp', [CompletionResultType]::ParameterName, 'Fix the timestamp of a printed signature')
            [CompletionResult]::new('--deadline', '--deadline', [CompletionResultType]::ParameterName, 'Give up after this time in all: 500ms, 1.5s, 2m, 1h, 1d [default: 30s; a list has no end, and 30s a request]')
            [CompletionResult]::new('--cacert', '--cacert', [CompletionResultType]::ParameterName, 'Trust the certificates in this PEM file instead of the ones compiled in')
            [CompletionResult]::new('--ledger', '--ledger', [CompletionResultType]::ParameterName, 'Keep the ledger in this file [default: ledger.db in herald''s folder for state]')
            [CompletionResult]::new('--confirm', '--confirm', [CompletionResultType]::ParameterName, 'Confirm a send to everybody, a tag, a package or more than max_targets, by the profile''s name')
            [CompletionResult]::new('--allow', '--allow', [CompletionResultType]::ParameterName, 'Waive one lint rule by its code, the part of a finding in brackets; repeatable')
            [CompletionResult]::new('--override', '--override', [CompletionResultType]::ParameterName, 'Pass one guard by its name, where it allows that; repeatable, recorded in the ledger')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Use this profile')
            [CompletionResult]::new('--profiles', '--profiles', [CompletionResultType]::ParameterName, 'Read profiles from this file')
            [CompletionResult]::new('--provider', '--provider', [CompletionResultType]::ParameterName, 'Use this provider, where no profile says which')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour what is written [default: auto]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Write results in this format [default: table]')
            [CompletionResult]::new('--last', '--last', [CompletionResultType]::ParameterName, 'Mean what was sent last, with this profile where one is named')
            [CompletionResult]::new('--allow-empty', '--allow-empty', [CompletionResultType]::ParameterName, 'Send a text or a title that shows nothing, as a silent push has it')
            [CompletionResult]::new('--curl', '--curl', [CompletionResultType]::ParameterName, 'Print the request as a curl command instead of sending it')
            [CompletionResult]::new('--show-secrets', '--show-secrets', [CompletionResultType]::ParameterName, 'Show secrets and signatures in what --dry-run and --curl print')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes where more targets than the profile''s confirm_above (default 100) raise a question')
            [CompletionResult]::new('--sandbox', '--sandbox', [CompletionResultType]::ParameterName, 'Run against the mock server inside herald: no credentials, no network')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Tell each phase on stderr, without secrets')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Tell each phase on stderr, without secrets')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Keep remarks back; errors and results stay')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Keep remarks back; errors and results stay')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'herald;delete' {
            [CompletionResult]::new('--to', '--to', [CompletionResultType]::ParameterName, 'Name the user, group or room that it is about, where the ledger does not know')
            [CompletionResult]::new('--from', '--from', [CompletionResultType]::ParameterName, 'Name who acts, where the ledger does not know')
            [CompletionResult]::new('--set', '--set', [CompletionResultType]::ParameterName, 'Set a field of the contract: PATH=TEXT or PATH:=JSON; repeatable')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Print the request instead of sending it; opens no socket. `=server` asks the vendor''s own check')
            [CompletionResult]::new('--nonce', '--nonce', [CompletionResultType]::ParameterName, 'Fix the nonce of a printed signature')
            [CompletionResult]::new('--timestamp', '--timestamp', [CompletionResultType]::ParameterName, 'Fix the timestamp of a printed signature')
            [CompletionResult]::new('--deadline', '--deadline', [CompletionResultType]::ParameterName, 'Give up after this time in all: 500ms, 1.5s, 2m, 1h, 1d [default: 30s; a list has no end, and 30s a request]')
            [CompletionResult]::new('--cacert', '--cacert', [CompletionResultType]::ParameterName, 'Trust the certificates in this PEM file instead of the ones compiled in')
            [CompletionResult]::new('--ledger', '--ledger', [CompletionResultType]::ParameterName, 'Keep the ledger in this file [default: ledger.db in herald''s folder for state]')
            [CompletionResult]::new('--confirm', '--confirm', [CompletionResultType]::ParameterName, 'Confirm a send to everybody, a tag, a package or more than max_targets, by the profile''s name')
            [CompletionResult]::new('--allow', '--allow', [CompletionResultType]::ParameterName, 'Waive one lint rule by its code, the part of a finding in brackets; repeatable')
            [CompletionResult]::new('--override', '--override', [CompletionResultType]::ParameterName, 'Pass one guard by its name, where it allows that; repeatable, recorded in the ledger')
            [CompletionResult]::new('--resume', '--resume', [CompletionResultType]::ParameterName, 'Go on with what is left of such a command that was halted, by the id or the name of its job')
            [CompletionResult]::new('--concurrency', '--concurrency', [CompletionResultType]::ParameterName, 'The most requests that may be in flight at a time [default: 16]')
            [CompletionResult]::new('--results', '--results', [CompletionResultType]::ParameterName, 'Write the outcome of each target into this file, a JSON object a line; a target without a request yet is `planned`')
            [CompletionResult]::new('--abort-above', '--abort-above', [CompletionResultType]::ParameterName, 'Halt when more than this share of the targets failed: 1% or 0.01 [default: 1% with --canary, else none]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Use this profile')
            [CompletionResult]::new('--profiles', '--profiles', [CompletionResultType]::ParameterName, 'Read profiles from this file')
            [CompletionResult]::new('--provider', '--provider', [CompletionResultType]::ParameterName, 'Use this provider, where no profile says which')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour what is written [default: auto]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Write results in this format [default: table]')
            [CompletionResult]::new('--last', '--last', [CompletionResultType]::ParameterName, 'Mean what was sent last, with this profile where one is named')
            [CompletionResult]::new('--curl', '--curl', [CompletionResultType]::ParameterName, 'Print the request as a curl command instead of sending it')
            [CompletionResult]::new('--show-secrets', '--show-secrets', [CompletionResultType]::ParameterName, 'Show secrets and signatures in what --dry-run and --curl print')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes where more targets than the profile''s confirm_above (default 100) raise a question')
            [CompletionResult]::new('--sandbox', '--sandbox', [CompletionResultType]::ParameterName, 'Run against the mock server inside herald: no credentials, no network')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Tell each phase on stderr, without secrets')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Tell each phase on stderr, without secrets')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Keep remarks back; errors and results stay')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Keep remarks back; errors and results stay')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'herald;clear' {
            [CompletionResult]::new('--to', '--to', [CompletionResultType]::ParameterName, 'Name the user, group or room that it is about, where the ledger does not know')
            [CompletionResult]::new('--from', '--from', [CompletionResultType]::ParameterName, 'Name who acts, where the ledger does not know')
            [CompletionResult]::new('--set', '--set', [CompletionResultType]::ParameterName, 'Set a field of the contract: PATH=TEXT or PATH:=JSON; repeatable')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Print the request instead of sending it; opens no socket. `=server` asks the vendor''s own check')
            [CompletionResult]::new('--nonce', '--nonce', [CompletionResultType]::ParameterName, 'Fix the nonce of a printed signature')
            [CompletionResult]::new('--timestamp', '--timestamp', [CompletionResultType]::ParameterName, 'Fix the timestamp of a printed signature')
            [CompletionResult]::new('--deadline', '--deadline', [CompletionResultType]::ParameterName, 'Give up after this time in all: 500ms, 1.5s, 2m, 1h, 1d [default: 30s; a list has no end, and 30s a request]')
            [CompletionResult]::new('--cacert', '--cacert', [CompletionResultType]::ParameterName, 'Trust the certificates in this PEM file instead of the ones compiled in')
            [CompletionResult]::new('--ledger', '--ledger', [CompletionResultType]::ParameterName, 'Keep the ledger in this file [default: ledger.db in herald''s folder for state]')
            [CompletionResult]::new('--confirm', '--confirm', [CompletionResultType]::ParameterName, 'Confirm a send to everybody, a tag, a package or more than max_targets, by the profile''s name')
            [CompletionResult]::new('--allow', '--allow', [CompletionResultType]::ParameterName, 'Waive one lint rule by its code, the part of a finding in brackets; repeatable')
            [CompletionResult]::new('--override', '--override', [CompletionResultType]::ParameterName, 'Pass one guard by its name, where it allows that; repeatable, recorded in the ledger')
            [CompletionResult]::new('--resume', '--resume', [CompletionResultType]::ParameterName, 'Go on with what is left of such a command that was halted, by the id or the name of its job')
            [CompletionResult]::new('--concurrency', '--concurrency', [CompletionResultType]::ParameterName, 'The most requests that may be in flight at a time [default: 16]')
            [CompletionResult]::new('--results', '--results', [CompletionResultType]::ParameterName, 'Write the outcome of each target into this file, a JSON object a line; a target without a request yet is `planned`')
            [CompletionResult]::new('--abort-above', '--abort-above', [CompletionResultType]::ParameterName, 'Halt when more than this share of the targets failed: 1% or 0.01 [default: 1% with --canary, else none]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Use this profile')
            [CompletionResult]::new('--profiles', '--profiles', [CompletionResultType]::ParameterName, 'Read profiles from this file')
            [CompletionResult]::new('--provider', '--provider', [CompletionResultType]::ParameterName, 'Use this provider, where no profile says which')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour what is written [default: auto]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Write results in this format [default: table]')
            [CompletionResult]::new('--last', '--last', [CompletionResultType]::ParameterName, 'Mean what was sent last, with this profile where one is named')
            [CompletionResult]::new('--curl', '--curl', [CompletionResultType]::ParameterName, 'Print the request as a curl command instead of sending it')
            [CompletionResult]::new('--show-secrets', '--show-secrets', [CompletionResultType]::ParameterName, 'Show secrets and signatures in what --dry-run and --curl print')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes where more targets than the profile''s confirm_above (default 100) raise a question')
            [CompletionResult]::new('--sandbox', '--sandbox', [CompletionResultType]::ParameterName, 'Run against the mock server inside herald: no credentials, no network')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Tell each phase on stderr, without secrets')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Tell each phase on stderr, without secrets')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Keep remarks back; errors and results stay')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Keep remarks back; errors and results stay')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'herald;get' {
            [CompletionResult]::new('--to', '--to', [CompletionResultType]::ParameterName, 'Name the user, group or room that it is about, where the ledger does not know')
            [CompletionResult]::new('--from', '--from', [CompletionResultType]::ParameterName, 'Name who acts, where the ledger does not know')
            [CompletionResult]::new('--set', '--set', [CompletionResultType]::ParameterName, 'Set a field of the contract: PATH=TEXT or PATH:=JSON; repeatable')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Print the request instead of sending it; opens no socket. `=server` asks the vendor''s own check')
            [CompletionResult]::new('--nonce', '--nonce', [CompletionResultType]::ParameterName, 'Fix the nonce of a printed signature')
            [CompletionResult]::new('--timestamp', '--timestamp', [CompletionResultType]::ParameterName, 'Fix the timestamp of a printed signature')
            [CompletionResult]::new('--deadline', '--deadline', [CompletionResultType]::ParameterName, 'Give up after this time in all: 500ms, 1.5s, 2m, 1h, 1d [default: 30s; a list has no end, and 30s a request]')
            [CompletionResult]::new('--cacert', '--cacert', [CompletionResultType]::ParameterName, 'Trust the certificates in this PEM file instead of the ones compiled in')
            [CompletionResult]::new('--ledger', '--ledger', [CompletionResultType]::ParameterName, 'Keep the ledger in this file [default: ledger.db in herald''s folder for state]')
            [CompletionResult]::new('--confirm', '--confirm', [CompletionResultType]::ParameterName, 'Confirm a send to everybody, a tag, a package or more than max_targets, by the profile''s name')
            [CompletionResult]::new('--allow', '--allow', [CompletionResultType]::ParameterName, 'Waive one lint rule by its code, the part of a finding in brackets; repeatable')
            [CompletionResult]::new('--override', '--override', [CompletionResultType]::ParameterName, 'Pass one guard by its name, where it allows that; repeatable, recorded in the ledger')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Use this profile')
            [CompletionResult]::new('--profiles', '--profiles', [CompletionResultType]::ParameterName, 'Read profiles from this file')
            [CompletionResult]::new('--provider', '--provider', [CompletionResultType]::ParameterName, 'Use this provider, where no profile says which')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour what is written [default: auto]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Write results in this format [default: table]')
            [CompletionResult]::new('--last', '--last', [CompletionResultType]::ParameterName, 'Mean what was sent last, with this profile where one is named')
            [CompletionResult]::new('--curl', '--curl', [CompletionResultType]::ParameterName, 'Print the request as a curl command instead of sending it')
            [CompletionResult]::new('--show-secrets', '--show-secrets', [CompletionResultType]::ParameterName, 'Show secrets and signatures in what --dry-run and --curl print')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes where more targets than the profile''s confirm_above (default 100) raise a question')
            [CompletionResult]::new('--sandbox', '--sandbox', [CompletionResultType]::ParameterName, 'Run against the mock server inside herald: no credentials, no network')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Tell each phase on stderr, without secrets')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Tell each phase on stderr, without secrets')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Keep remarks back; errors and results stay')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Keep remarks back; errors and results stay')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'herald;status' {
            [CompletionResult]::new('--to', '--to', [CompletionResultType]::ParameterName, 'Name the user, group or room that it is about, where the ledger does not know')
            [CompletionResult]::new('--from', '--from', [CompletionResultType]::ParameterName, 'Name who acts, where the ledger does not know')
            [CompletionResult]::new('--set', '--set', [CompletionResultType]::ParameterName, 'Set a field of the contract: PATH=TEXT or PATH:=JSON; repeatable')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Print the request instead of sending it; opens no socket. `=server` asks the vendor''s own check')
            [CompletionResult]::new('--nonce', '--nonce', [CompletionResultType]::ParameterName, 'Fix the nonce of a printed signature')
            [CompletionResult]::new('--timestamp', '--timestamp', [CompletionResultType]::ParameterName, 'Fix the timestamp of a printed signature')
            [CompletionResult]::new('--deadline', '--deadline', [CompletionResultType]::ParameterName, 'Give up after this time in all: 500ms, 1.5s, 2m, 1h, 1d [default: 30s; a list has no end, and 30s a request]')
            [CompletionResult]::new('--cacert', '--cacert', [CompletionResultType]::ParameterName, 'Trust the certificates in this PEM file instead of the ones compiled in')
            [CompletionResult]::new('--ledger', '--ledger', [CompletionResultType]::ParameterName, 'Keep the ledger in this file [default: ledger.db in herald''s folder for state]')
            [CompletionResult]::new('--confirm', '--confirm', [CompletionResultType]::ParameterName, 'Confirm a send to everybody, a tag, a package or more than max_targets, by the profile''s name')
            [CompletionResult]::new('--allow', '--allow', [CompletionResultType]::ParameterName, 'Waive one lint rule by its code, the part of a finding in brackets; repeatable')
            [CompletionResult]::new('--override', '--override', [CompletionResultType]::ParameterName, 'Pass one guard by its name, where it allows that; repeatable, recorded in the ledger')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Use this profile')
            [CompletionResult]::new('--profiles', '--profiles', [CompletionResultType]::ParameterName, 'Read profiles from this file')
            [CompletionResult]::new('--provider', '--provider', [CompletionResultType]::ParameterName, 'Use this provider, where no profile says which')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour what is written [default: auto]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Write results in this format [default: table]')
            [CompletionResult]::new('--last', '--last', [CompletionResultType]::ParameterName, 'Mean what was sent last, with this profile where one is named')
            [CompletionResult]::new('--curl', '--curl', [CompletionResultType]::ParameterName, 'Print the request as a curl command instead of sending it')
            [CompletionResult]::new('--show-secrets', '--show-secrets', [CompletionResultType]::ParameterName, 'Show secrets and signatures in what --dry-run and --curl print')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes where more targets than the profile''s confirm_above (default 100) raise a question')
            [CompletionResult]::new('--sandbox', '--sandbox', [CompletionResultType]::ParameterName, 'Run against the mock server inside herald: no credentials, no network')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Tell each phase on stderr, without secrets')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Tell each phase on stderr, without secrets')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Keep remarks back; errors and results stay')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Keep remarks back; errors and results stay')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'herald;call' {
            [CompletionResult]::new('--set', '--set', [CompletionResultType]::ParameterName, 'Set a field of the contract: PATH=TEXT, typed by the contract, or PATH:=JSON; repeatable')
            [CompletionResult]::new('--body', '--body', [CompletionResultType]::ParameterName, 'Take the whole request body from a file; `-` is stdin')
            [CompletionResult]::new('--allow-path', '--allow-path', [CompletionResultType]::ParameterName, 'Let files that the payload names lie in this folder, too, and links lead there; repeatable')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Print the request instead of sending it; opens no socket. `=server` asks the vendor''s own check')
            [CompletionResult]::new('--nonce', '--nonce', [CompletionResultType]::ParameterName, 'Fix the nonce of a printed signature')
            [CompletionResult]::new('--timestamp', '--timestamp', [CompletionResultType]::ParameterName, 'Fix the timestamp of a printed signature')
            [CompletionResult]::new('--deadline', '--deadline', [CompletionResultType]::ParameterName, 'Give up after this time in all: 500ms, 1.5s, 2m, 1h, 1d [default: 30s; a list has no end, and 30s a request]')
            [CompletionResult]::new('--cacert', '--cacert', [CompletionResultType]::ParameterName, 'Trust the certificates in this PEM file instead of the ones compiled in')
            [CompletionResult]::new('--ledger', '--ledger', [CompletionResultType]::ParameterName, 'Keep the ledger in this file [default: ledger.db in herald''s folder for state]')
            [CompletionResult]::new('--confirm', '--confirm', [CompletionResultType]::ParameterName, 'Confirm a send to everybody, a tag, a package or more than max_targets, by the profile''s name')
            [CompletionResult]::new('--allow', '--allow', [CompletionResultType]::ParameterName, 'Waive one lint rule by its code, the part of a finding in brackets; repeatable')
            [CompletionResult]::new('--override', '--override', [CompletionResultType]::ParameterName, 'Pass one guard by its name, where it allows that; repeatable, recorded in the ledger')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Use this profile')
            [CompletionResult]::new('--profiles', '--profiles', [CompletionResultType]::ParameterName, 'Read profiles from this file')
            [CompletionResult]::new('--provider', '--provider', [CompletionResultType]::ParameterName, 'Use this provider, where no profile says which')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour what is written [default: auto]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Write results in this format [default: table]')
            [CompletionResult]::new('--curl', '--curl', [CompletionResultType]::ParameterName, 'Print the request as a curl command instead of sending it')
            [CompletionResult]::new('--show-secrets', '--show-secrets', [CompletionResultType]::ParameterName, 'Show secrets and signatures in what --dry-run and --curl print')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes where more targets than the profile''s confirm_above (default 100) raise a question')
            [CompletionResult]::new('--sandbox', '--sandbox', [CompletionResultType]::ParameterName, 'Run against the mock server inside herald: no credentials, no network')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Tell each phase on stderr, without secrets')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Tell each phase on stderr, without secrets')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Keep remarks back; errors and results stay')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Keep remarks back; errors and results stay')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'herald;upload' {
            [CompletionResult]::new('--as', '--as', [CompletionResultType]::ParameterName, 'Say what they are, where the ending of their names does not')
            [CompletionResult]::new('--set', '--set', [CompletionResultType]::ParameterName, 'Set a field of the upload: PATH=TEXT or PATH:=JSON; repeatable')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Print the request instead of sending it; opens no socket. `=server` asks the vendor''s own check')
            [CompletionResult]::new('--nonce', '--nonce', [CompletionResultType]::ParameterName, 'Fix the nonce of a printed signature')
            [CompletionResult]::new('--timestamp', '--timestamp', [CompletionResultType]::ParameterName, 'Fix the timestamp of a printed signature')
            [CompletionResult]::new('--deadline', '--deadline', [CompletionResultType]::ParameterName, 'Give up after this time in all: 500ms, 1.5s, 2m, 1h, 1d [default: 30s; a list has no end, and 30s a request]')
            [CompletionResult]::new('--cacert', '--cacert', [CompletionResultType]::ParameterName, 'Trust the certificates in this PEM file instead of the ones compiled in')
            [CompletionResult]::new('--ledger', '--ledger', [CompletionResultType]::ParameterName, 'Keep the ledger in this file [default: ledger.db in herald''s folder for state]')
            [CompletionResult]::new('--confirm', '--confirm', [CompletionResultType]::ParameterName, 'Confirm a send to everybody, a tag, a package or more than max_targets, by the profile''s name')
            [CompletionResult]::new('--allow', '--allow', [CompletionResultType]::ParameterName, 'Waive one lint rule by its code, the part of a finding in brackets; repeatable')
            [CompletionResult]::new('--override', '--override', [CompletionResultType]::ParameterName, 'Pass one guard by its name, where it allows that; repeatable, recorded in the ledger')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Use this profile')
            [CompletionResult]::new('--profiles', '--profiles', [CompletionResultType]::ParameterName, 'Read profiles from this file')
            [CompletionResult]::new('--provider', '--provider', [CompletionResultType]::ParameterName, 'Use this provider, where no profile says which')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour what is written [default: auto]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Write results in this format [default: table]')
            [CompletionResult]::new('--curl', '--curl', [CompletionResultType]::ParameterName, 'Print the request as a curl command instead of sending it')
            [CompletionResult]::new('--show-secrets', '--show-secrets', [CompletionResultType]::ParameterName, 'Show secrets and signatures in what --dry-run and --curl print')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes where more targets than the profile''s confirm_above (default 100) raise a question')
            [CompletionResult]::new('--sandbox', '--sandbox', [CompletionResultType]::ParameterName, 'Run against the mock server inside herald: no credentials, no network')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Tell each phase on stderr, without secrets')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Tell each phase on stderr, without secrets')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Keep remarks back; errors and results stay')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Keep remarks back; errors and results stay')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'herald;validate' {
            [CompletionResult]::new('--as', '--as', [CompletionResultType]::ParameterName, 'Say what the payloads are: PROVIDER/OPERATION, PROVIDER, or GLOB= and one of them; repeatable')
            [CompletionResult]::new('--exclude', '--exclude', [CompletionResultType]::ParameterName, 'Leave out files that match, where a folder is walked; repeatable')
            [CompletionResult]::new('--allow', '--allow', [CompletionResultType]::ParameterName, 'Waive a rule by its code, as jpush-v2/V2-13; repeatable')
            [CompletionResult]::new('--report', '--report', [CompletionResultType]::ParameterName, 'Write a report to a file beside the normal output; repeatable')
            [CompletionResult]::new('--max-findings', '--max-findings', [CompletionResultType]::ParameterName, 'Show no more findings than this in each output; the others are counted')
            [CompletionResult]::new('--allow-path', '--allow-path', [CompletionResultType]::ParameterName, 'Follow links that are named here into this folder, too; repeatable')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Use this profile')
            [CompletionResult]::new('--profiles', '--profiles', [CompletionResultType]::ParameterName, 'Read profiles from this file')
            [CompletionResult]::new('--provider', '--provider', [CompletionResultType]::ParameterName, 'Use this provider, where no profile says which')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Write results in this format [default: table]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour what is written [default: auto]')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Tell each phase on stderr, without secrets')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Tell each phase on stderr, without secrets')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Keep remarks back; errors and results stay')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Keep remarks back; errors and results stay')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'herald;sign' {
            [CompletionResult]::new('--body', '--body', [CompletionResultType]::ParameterName, 'Take the request body from a file; `-` is stdin')
            [CompletionResult]::new('--allow-path', '--allow-path', [CompletionResultType]::ParameterName, 'Let files that the payload names lie in this folder, too, and a link that --body names lead there; repeatable')
            [CompletionResult]::new('--set', '--set', [CompletionResultType]::ParameterName, 'Set a field: PATH=TEXT or PATH:=JSON; repeatable')
            [CompletionResult]::new('--verify', '--verify', [CompletionResultType]::ParameterName, 'Check this signature instead of printing one: exit code 0 if it is right, 1 if not')
            [CompletionResult]::new('--nonce', '--nonce', [CompletionResultType]::ParameterName, 'Use this nonce instead of a random one')
            [CompletionResult]::new('--timestamp', '--timestamp', [CompletionResultType]::ParameterName, 'Use this timestamp, as the vendor writes it, instead of the time of the call')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Use this profile')
            [CompletionResult]::new('--profiles', '--profiles', [CompletionResultType]::ParameterName, 'Read profiles from this file')
            [CompletionResult]::new('--provider', '--provider', [CompletionResultType]::ParameterName, 'Use this provider, where no profile says which')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour what is written [default: auto]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Write results in this format [default: table]')
            [CompletionResult]::new('--explain', '--explain', [CompletionResultType]::ParameterName, 'Show each piece that is hashed')
            [CompletionResult]::new('--show-secrets', '--show-secrets', [CompletionResultType]::ParameterName, 'Show the secret among the pieces of --explain')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Tell each phase on stderr, without secrets')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Tell each phase on stderr, without secrets')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Keep remarks back; errors and results stay')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Keep remarks back; errors and results stay')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'herald;profile' {
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Use this profile')
            [CompletionResult]::new('--profiles', '--profiles', [CompletionResultType]::ParameterName, 'Read profiles from this file')
            [CompletionResult]::new('--provider', '--provider', [CompletionResultType]::ParameterName, 'Use this provider, where no profile says which')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour what is written [default: auto]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Write results in this format [default: table]')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Tell each phase on stderr, without secrets')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Tell each phase on stderr, without secrets')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Keep remarks back; errors and results stay')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Keep remarks back; errors and results stay')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('init', 'init', [CompletionResultType]::ParameterValue, 'Ask for what a profile needs and add it to the profile file')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List the profiles')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show a profile without its secrets, and where each value comes from')
            [CompletionResult]::new('check', 'check', [CompletionResultType]::ParameterValue, 'Check that profiles can be used')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'herald;profile;init' {
            [CompletionResult]::new('--set', '--set', [CompletionResultType]::ParameterName, 'Give a key of the profile a value that is no secret, and ask nothing; repeatable')
            [CompletionResult]::new('--secret-env', '--secret-env', [CompletionResultType]::ParameterName, 'Name the environment variable that a key''s value comes from, and ask nothing; repeatable')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Use this profile')
            [CompletionResult]::new('--profiles', '--profiles', [CompletionResultType]::ParameterName, 'Read profiles from this file')
            [CompletionResult]::new('--provider', '--provider', [CompletionResultType]::ParameterName, 'Use this provider, where no profile says which')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour what is written [default: auto]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Write results in this format [default: table]')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Tell each phase on stderr, without secrets')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Tell each phase on stderr, without secrets')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Keep remarks back; errors and results stay')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Keep remarks back; errors and results stay')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'herald;profile;list' {
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Use this profile')
            [CompletionResult]::new('--profiles', '--profiles', [CompletionResultType]::ParameterName, 'Read profiles from this file')
            [CompletionResult]::new('--provider', '--provider', [CompletionResultType]::ParameterName, 'Use this provider, where no profile says which')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour what is written [default: auto]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Write results in this format [default: table]')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Tell each phase on stderr, without secrets')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Tell each phase on stderr, without secrets')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Keep remarks back; errors and results stay')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Keep remarks back; errors and results stay')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'herald;profile;show' {
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Use this profile')
            [CompletionResult]::new('--profiles', '--profiles', [CompletionResultType]::ParameterName, 'Read profiles from this file')
            [CompletionResult]::new('--provider', '--provider', [CompletionResultType]::ParameterName, 'Use this provider, where no profile says which')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour what is written [default: auto]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Write results in this format [default: table]')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Tell each phase on stderr, without secrets')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Tell each phase on stderr, without secrets')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Keep remarks back; errors and results stay')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Keep remarks back; errors and results stay')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'herald;profile;check' {
            [CompletionResult]::new('--deadline', '--deadline', [CompletionResultType]::ParameterName, 'Give up on the vendor''s answer after this time: 500ms, 30s, 2m [default: 30s]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Use this profile')
            [CompletionResult]::new('--profiles', '--profiles', [CompletionResultType]::ParameterName, 'Read profiles from this file')
            [CompletionResult]::new('--provider', '--provider', [CompletionResultType]::ParameterName, 'Use this provider, where no profile says which')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour what is written [default: auto]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Write results in this format [default: table]')
            [CompletionResult]::new('--online', '--online', [CompletionResultType]::ParameterName, 'Also ask the vendor, by a call that changes nothing')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Tell each phase on stderr, without secrets')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Tell each phase on stderr, without secrets')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Keep remarks back; errors and results stay')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Keep remarks back; errors and results stay')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'herald;profile;help' {
            [CompletionResult]::new('init', 'init', [CompletionResultType]::ParameterValue, 'Ask for what a profile needs and add it to the profile file')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List the profiles')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show a profile without its secrets, and where each value comes from')
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
        'herald;history' {
            [CompletionResult]::new('--outcome', '--outcome', [CompletionResultType]::ParameterName, 'List only what had this outcome: accepted, rejected, unavailable, unknown, partial, sending')
            [CompletionResult]::new('--since', '--since', [CompletionResultType]::ParameterName, 'List only what was sent since then: 2h, 3d, a day as 2026-05-01 in local time, or 2026-05-01T08:00:00Z')
            [CompletionResult]::new('--job', '--job', [CompletionResultType]::ParameterName, 'List only this job, by its name or id')
            [CompletionResult]::new('--as', '--as', [CompletionResultType]::ParameterName, 'List targets instead, one KIND:ID a line, as --targets takes them: of --job, else of the latest job')
            [CompletionResult]::new('--to', '--to', [CompletionResultType]::ParameterName, 'List only what went to this target, alone or in a job, with what became of it there; without a kind, of any kind')
            [CompletionResult]::new('--text', '--text', [CompletionResultType]::ParameterName, 'List only what said this, in upper or lower case')
            [CompletionResult]::new('--limit', '--limit', [CompletionResultType]::ParameterName, 'The most entries to list; the targets of an entry are all listed [default: 20]')
            [CompletionResult]::new('--ledger', '--ledger', [CompletionResultType]::ParameterName, 'Read this ledger')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Use this profile')
            [CompletionResult]::new('--profiles', '--profiles', [CompletionResultType]::ParameterName, 'Read profiles from this file')
            [CompletionResult]::new('--provider', '--provider', [CompletionResultType]::ParameterName, 'Use this provider, where no profile says which')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour what is written [default: auto]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Write results in this format [default: table]')
            [CompletionResult]::new('--failed', '--failed', [CompletionResultType]::ParameterName, 'List only what was certainly not accepted: rejected, unavailable, never sent')
            [CompletionResult]::new('--sandbox', '--sandbox', [CompletionResultType]::ParameterName, 'Use the entries of the sandbox instead of the real ones')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Tell each phase on stderr, without secrets')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Tell each phase on stderr, without secrets')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Keep remarks back; errors and results stay')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Keep remarks back; errors and results stay')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List what was sent, latest first')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show all that is known of one entry or job')
            [CompletionResult]::new('resolve', 'resolve', [CompletionResultType]::ParameterValue, 'Record the outcome of an entry or job whose outcome is unknown')
            [CompletionResult]::new('prune', 'prune', [CompletionResultType]::ParameterValue, 'Remove what is old and certain')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'herald;history;list' {
            [CompletionResult]::new('--outcome', '--outcome', [CompletionResultType]::ParameterName, 'List only what had this outcome: accepted, rejected, unavailable, unknown, partial, sending')
            [CompletionResult]::new('--since', '--since', [CompletionResultType]::ParameterName, 'List only what was sent since then: 2h, 3d, a day as 2026-05-01 in local time, or 2026-05-01T08:00:00Z')
            [CompletionResult]::new('--job', '--job', [CompletionResultType]::ParameterName, 'List only this job, by its name or id')
            [CompletionResult]::new('--as', '--as', [CompletionResultType]::ParameterName, 'List targets instead, one KIND:ID a line, as --targets takes them: of --job, else of the latest job')
            [CompletionResult]::new('--to', '--to', [CompletionResultType]::ParameterName, 'List only what went to this target, alone or in a job, with what became of it there; without a kind, of any kind')
            [CompletionResult]::new('--text', '--text', [CompletionResultType]::ParameterName, 'List only what said this, in upper or lower case')
            [CompletionResult]::new('--limit', '--limit', [CompletionResultType]::ParameterName, 'The most entries to list; the targets of an entry are all listed [default: 20]')
            [CompletionResult]::new('--ledger', '--ledger', [CompletionResultType]::ParameterName, 'Read this ledger')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Use this profile')
            [CompletionResult]::new('--profiles', '--profiles', [CompletionResultType]::ParameterName, 'Read profiles from this file')
            [CompletionResult]::new('--provider', '--provider', [CompletionResultType]::ParameterName, 'Use this provider, where no profile says which')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour what is written [default: auto]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Write results in this format [default: table]')
            [CompletionResult]::new('--failed', '--failed', [CompletionResultType]::ParameterName, 'List only what was certainly not accepted: rejected, unavailable, never sent')
            [CompletionResult]::new('--sandbox', '--sandbox', [CompletionResultType]::ParameterName, 'Use the entries of the sandbox instead of the real ones')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Tell each phase on stderr, without secrets')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Tell each phase on stderr, without secrets')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Keep remarks back; errors and results stay')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Keep remarks back; errors and results stay')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'herald;history;show' {
            [CompletionResult]::new('--ledger', '--ledger', [CompletionResultType]::ParameterName, 'Read this ledger')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Use this profile')
            [CompletionResult]::new('--profiles', '--profiles', [CompletionResultType]::ParameterName, 'Read profiles from this file')
            [CompletionResult]::new('--provider', '--provider', [CompletionResultType]::ParameterName, 'Use this provider, where no profile says which')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour what is written [default: auto]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Write results in this format [default: table]')
            [CompletionResult]::new('--sandbox', '--sandbox', [CompletionResultType]::ParameterName, 'Use the entries of the sandbox instead of the real ones')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Tell each phase on stderr, without secrets')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Tell each phase on stderr, without secrets')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Keep remarks back; errors and results stay')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Keep remarks back; errors and results stay')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'herald;history;resolve' {
            [CompletionResult]::new('--targets', '--targets', [CompletionResultType]::ParameterName, 'Decide on the targets of this list alone, in the forms that a broadcast takes; `-` is stdin')
            [CompletionResult]::new('--column', '--column', [CompletionResultType]::ParameterName, 'Find the targets in this column of a CSV')
            [CompletionResult]::new('--form', '--form', [CompletionResultType]::ParameterName, 'Read the list as this, where its name does not say it')
            [CompletionResult]::new('--encoding', '--encoding', [CompletionResultType]::ParameterName, 'Read the list in this encoding: utf-8, gbk, gb18030, utf-16, utf-16le, utf-16be')
            [CompletionResult]::new('--vendor-id', '--vendor-id', [CompletionResultType]::ParameterName, 'Ask for the message with this id of the vendor''s, where the ledger has none')
            [CompletionResult]::new('--note', '--note', [CompletionResultType]::ParameterName, 'Say how that is known')
            [CompletionResult]::new('--ledger', '--ledger', [CompletionResultType]::ParameterName, 'Read this ledger')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Use this profile')
            [CompletionResult]::new('--profiles', '--profiles', [CompletionResultType]::ParameterName, 'Read profiles from this file')
            [CompletionResult]::new('--provider', '--provider', [CompletionResultType]::ParameterName, 'Use this provider, where no profile says which')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour what is written [default: auto]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Write results in this format [default: table]')
            [CompletionResult]::new('--accepted', '--accepted', [CompletionResultType]::ParameterName, 'Say that the vendor has it')
            [CompletionResult]::new('--not-accepted', '--not-accepted', [CompletionResultType]::ParameterName, 'Say that the vendor does not have it: it may be sent again, as a new message')
            [CompletionResult]::new('--check', '--check', [CompletionResultType]::ParameterName, 'Ask the vendor for the message, and say that it has it where it hands it out')
            [CompletionResult]::new('--undo', '--undo', [CompletionResultType]::ParameterName, 'Make it unknown again, as long as nothing was sent on the strength of the decision')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Decide on more than one target without a question')
            [CompletionResult]::new('--sandbox', '--sandbox', [CompletionResultType]::ParameterName, 'Use the entries of the sandbox instead of the real ones')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Tell each phase on stderr, without secrets')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Tell each phase on stderr, without secrets')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Keep remarks back; errors and results stay')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Keep remarks back; errors and results stay')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'herald;history;prune' {
            [CompletionResult]::new('--older-than', '--older-than', [CompletionResultType]::ParameterName, 'Remove what ended so long ago: 90d, 12h [default: keep_days of the profile file, or 90d]')
            [CompletionResult]::new('--ledger', '--ledger', [CompletionResultType]::ParameterName, 'Read this ledger')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Use this profile')
            [CompletionResult]::new('--profiles', '--profiles', [CompletionResultType]::ParameterName, 'Read profiles from this file')
            [CompletionResult]::new('--provider', '--provider', [CompletionResultType]::ParameterName, 'Use this provider, where no profile says which')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour what is written [default: auto]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Write results in this format [default: table]')
            [CompletionResult]::new('--unknown', '--unknown', [CompletionResultType]::ParameterName, 'Remove also what is unknown')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Remove nothing, and say how much it would be')
            [CompletionResult]::new('--sandbox', '--sandbox', [CompletionResultType]::ParameterName, 'Use the entries of the sandbox instead of the real ones')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Tell each phase on stderr, without secrets')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Tell each phase on stderr, without secrets')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Keep remarks back; errors and results stay')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Keep remarks back; errors and results stay')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'herald;history;help' {
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List what was sent, latest first')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show all that is known of one entry or job')
            [CompletionResult]::new('resolve', 'resolve', [CompletionResultType]::ParameterValue, 'Record the outcome of an entry or job whose outcome is unknown')
            [CompletionResult]::new('prune', 'prune', [CompletionResultType]::ParameterValue, 'Remove what is old and certain')
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
        'herald;jobs' {
            [CompletionResult]::new('--limit', '--limit', [CompletionResultType]::ParameterName, 'The most jobs to list [default: 20]')
            [CompletionResult]::new('--ledger', '--ledger', [CompletionResultType]::ParameterName, 'Read this ledger')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Use this profile')
            [CompletionResult]::new('--profiles', '--profiles', [CompletionResultType]::ParameterName, 'Read profiles from this file')
            [CompletionResult]::new('--provider', '--provider', [CompletionResultType]::ParameterName, 'Use this provider, where no profile says which')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour what is written [default: auto]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Write results in this format [default: table]')
            [CompletionResult]::new('--watch', '--watch', [CompletionResultType]::ParameterName, 'Show them again each second, until none of them is at work')
            [CompletionResult]::new('--sandbox', '--sandbox', [CompletionResultType]::ParameterName, 'Show the jobs of the sandbox')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Tell each phase on stderr, without secrets')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Tell each phase on stderr, without secrets')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Keep remarks back; errors and results stay')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Keep remarks back; errors and results stay')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'herald;explain' {
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Use this profile')
            [CompletionResult]::new('--profiles', '--profiles', [CompletionResultType]::ParameterName, 'Read profiles from this file')
            [CompletionResult]::new('--provider', '--provider', [CompletionResultType]::ParameterName, 'Use this provider, where no profile says which')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour what is written [default: auto]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Write results in this format [default: table]')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Tell each phase on stderr, without secrets')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Tell each phase on stderr, without secrets')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Keep remarks back; errors and results stay')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Keep remarks back; errors and results stay')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'herald;schema' {
            [CompletionResult]::new('--all', '--all', [CompletionResultType]::ParameterName, 'Write every schema into a folder, as `DIR/PROVIDER/NAME.json`')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Use this profile')
            [CompletionResult]::new('--profiles', '--profiles', [CompletionResultType]::ParameterName, 'Read profiles from this file')
            [CompletionResult]::new('--provider', '--provider', [CompletionResultType]::ParameterName, 'Use this provider, where no profile says which')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour what is written [default: auto]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Write results in this format [default: table]')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Tell each phase on stderr, without secrets')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Tell each phase on stderr, without secrets')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Keep remarks back; errors and results stay')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Keep remarks back; errors and results stay')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'herald;providers' {
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Use this profile')
            [CompletionResult]::new('--profiles', '--profiles', [CompletionResultType]::ParameterName, 'Read profiles from this file')
            [CompletionResult]::new('--provider', '--provider', [CompletionResultType]::ParameterName, 'Use this provider, where no profile says which')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour what is written [default: auto]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Write results in this format [default: table]')
            [CompletionResult]::new('--matrix', '--matrix', [CompletionResultType]::ParameterName, 'Show what --text, --image, --to and the like become with each provider')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Tell each phase on stderr, without secrets')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Tell each phase on stderr, without secrets')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Keep remarks back; errors and results stay')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Keep remarks back; errors and results stay')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'herald;sandbox' {
            [CompletionResult]::new('--listen', '--listen', [CompletionResultType]::ParameterName, 'Listen on this address; port 0 takes any that is free')
            [CompletionResult]::new('--state', '--state', [CompletionResultType]::ParameterName, 'Keep the state in this folder, so that it is there after a restart')
            [CompletionResult]::new('--switch', '--switch', [CompletionResultType]::ParameterName, 'Change how a provider''s servers behave, as `edition=community`, for one provider or for all; repeatable')
            [CompletionResult]::new('--log', '--log', [CompletionResultType]::ParameterName, 'Add each request and its answer to this file, one JSON object a line')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Use this profile')
            [CompletionResult]::new('--profiles', '--profiles', [CompletionResultType]::ParameterName, 'Read profiles from this file')
            [CompletionResult]::new('--provider', '--provider', [CompletionResultType]::ParameterName, 'Use this provider, where no profile says which')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour what is written [default: auto]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Write results in this format [default: table]')
            [CompletionResult]::new('--expose', '--expose', [CompletionResultType]::ParameterName, 'Allow an address that other machines can reach, and any Host')
            [CompletionResult]::new('--memory', '--memory', [CompletionResultType]::ParameterName, 'Keep the state in memory; this is the default')
            [CompletionResult]::new('--print-profiles', '--print-profiles', [CompletionResultType]::ParameterName, 'Print a profiles file for what it serves at --listen, and end')
            [CompletionResult]::new('--print-env', '--print-env', [CompletionResultType]::ParameterName, 'Print the variables of the environment for what it serves at --listen, and end: eval "$(herald sandbox --print-env)"')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Tell each phase on stderr, without secrets')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Tell each phase on stderr, without secrets')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Keep remarks back; errors and results stay')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Keep remarks back; errors and results stay')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'herald;completions' {
            [CompletionResult]::new('--dir', '--dir', [CompletionResultType]::ParameterName, 'Write into this folder, under the names that shells and `man` look for, instead of printing')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Use this profile')
            [CompletionResult]::new('--profiles', '--profiles', [CompletionResultType]::ParameterName, 'Read profiles from this file')
            [CompletionResult]::new('--provider', '--provider', [CompletionResultType]::ParameterName, 'Use this provider, where no profile says which')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour what is written [default: auto]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Write results in this format [default: table]')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Tell each phase on stderr, without secrets')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Tell each phase on stderr, without secrets')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Keep remarks back; errors and results stay')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Keep remarks back; errors and results stay')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'herald;help' {
            [CompletionResult]::new('send', 'send', [CompletionResultType]::ParameterValue, 'Send one message to named users, groups, rooms, aliases or registration ids')
            [CompletionResult]::new('broadcast', 'broadcast', [CompletionResultType]::ParameterValue, 'Send one message to everybody, a tag, a package or a list')
            [CompletionResult]::new('apply', 'apply', [CompletionResultType]::ParameterValue, 'Carry out a plan that `broadcast --plan` wrote: exactly that, once')
            [CompletionResult]::new('stop', 'stop', [CompletionResultType]::ParameterValue, 'Halt a job before its next batch')
            [CompletionResult]::new('recall', 'recall', [CompletionResultType]::ParameterValue, 'Recall what was sent: by ledger id, by the vendor''s id, or the last one')
            [CompletionResult]::new('update', 'update', [CompletionResultType]::ParameterValue, 'Replace the content of a message that was sent')
            [CompletionResult]::new('delete', 'delete', [CompletionResultType]::ParameterValue, 'Delete a message that was sent')
            [CompletionResult]::new('clear', 'clear', [CompletionResultType]::ParameterValue, 'Clear the messages of a conversation')
            [CompletionResult]::new('get', 'get', [CompletionResultType]::ParameterValue, 'Fetch a message that was sent')
            [CompletionResult]::new('status', 'status', [CompletionResultType]::ParameterValue, 'Ask what became of a message that was sent')
            [CompletionResult]::new('call', 'call', [CompletionResultType]::ParameterValue, 'Call any operation of a contract')
            [CompletionResult]::new('upload', 'upload', [CompletionResultType]::ParameterValue, 'Upload files to a vendor that takes them')
            [CompletionResult]::new('validate', 'validate', [CompletionResultType]::ParameterValue, 'Lint payload files, folders, NDJSON and stdin; offline, without credentials')
            [CompletionResult]::new('sign', 'sign', [CompletionResultType]::ParameterValue, 'Print a signature and its headers, explain it, or verify one')
            [CompletionResult]::new('profile', 'profile', [CompletionResultType]::ParameterValue, 'Make, list, show and check profiles')
            [CompletionResult]::new('history', 'history', [CompletionResultType]::ParameterValue, 'Show what was sent, its ids and outcome, and resolve what is unknown')
            [CompletionResult]::new('jobs', 'jobs', [CompletionResultType]::ParameterValue, 'List jobs: what is done, what is left, what is recalled')
            [CompletionResult]::new('explain', 'explain', [CompletionResultType]::ParameterValue, 'Explain a lint rule, a vendor''s error code or a word that herald prints')
            [CompletionResult]::new('schema', 'schema', [CompletionResultType]::ParameterValue, 'Write JSON Schemas of operations, message types and herald''s own output')
            [CompletionResult]::new('providers', 'providers', [CompletionResultType]::ParameterValue, 'Show what can be sent: operations, message types, fields, limits, rates')
            [CompletionResult]::new('sandbox', 'sandbox', [CompletionResultType]::ParameterValue, 'Serve a local mock server of the vendors')
            [CompletionResult]::new('completions', 'completions', [CompletionResultType]::ParameterValue, 'Print the completion script of a shell, or the manual pages')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'herald;help;send' {
            break
        }
        'herald;help;broadcast' {
            break
        }
        'herald;help;apply' {
            break
        }
        'herald;help;stop' {
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
        'herald;help;call' {
            break
        }
        'herald;help;upload' {
            break
        }
        'herald;help;validate' {
            break
        }
        'herald;help;sign' {
            break
        }
        'herald;help;profile' {
            break
        }
        'herald;help;history' {
            break
        }
        'herald;help;jobs' {
            break
        }
        'herald;help;explain' {
            break
        }
        'herald;help;schema' {
            break
        }
        'herald;help;providers' {
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
