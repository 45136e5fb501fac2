
use builtin;
use str;

set edit:completion:arg-completer[herald] = {|@words|
    fn spaces {|n|
        builtin:repeat $n ' ' | str:join ''
    }
    fn cand {|text desc|
        edit:complex-candidate $text &display=$text' '(spaces (- 14 (wcswidth $text)))$desc
    }
    var command = 'herald'
    for word $words[1..-1] {
        if (str:has-prefix $word '-') {
            break
        }
        set command = $command';'$word
    }
    var completions = [
        &'herald'= {
            cand --profile 'Use this profile'
            cand --profiles 'Read profiles from this file'
            cand --provider 'Use this provider, where no profile says which'
            cand --output 'Write results in this format; those behind ndjson are of `validate` alone'
            cand --color 'Colour what is written'
            cand -v 'Tell each phase on stderr, without secrets'
            cand --verbose 'Tell each phase on stderr, without secrets'
            cand -q 'Keep remarks back; errors and results stay'
            cand --quiet 'Keep remarks back; errors and results stay'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
            cand send 'Send one message to named users, groups, rooms, aliases or registration ids'
            cand broadcast 'Send one message to everybody, a tag, a package or a list'
            cand recall 'Take back what was sent: by ledger id, by the vendor''s id, or the last one'
            cand update 'Replace the content of a message that was sent'
            cand delete 'Delete a message that was sent'
            cand clear 'Clear messages of a conversation'
            cand get 'Fetch a message'
            cand status 'Ask what became of a message'
            cand call 'Call any operation of a contract'
            cand validate 'Lint payload files, folders, NDJSON and stdin; offline, without credentials'
            cand sign 'Print a signature and its headers, explain it, or verify one'
            cand profile 'Make, list, show and check profiles'
            cand history 'Show what was sent, its ids and outcome'
            cand explain 'Explain a lint rule or a vendor''s error code'
            cand schema 'Write JSON Schemas of operations, message types and herald''s own output'
            cand providers 'Show what can be sent: operations, message types, fields, limits, rates'
            cand sandbox 'Serve a local stand-in for the vendors'
            cand completions 'Print the completion script of a shell, or the manual pages'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'herald;send'= {
            cand --to 'Name a target, repeatable: user:bob, group:g1'
            cand --from 'Name the sender'
            cand --text 'Send a text'
            cand --image 'Send a picture'
            cand --voice 'Send a voice message'
            cand --video 'Send a video'
            cand --file 'Send a file'
            cand --location 'Send a place'
            cand --command 'Send a command that the app acts on and does not show'
            cand --title 'Give it a title, where the vendor has one'
            cand --extra 'Add a pair of the app''s own data, repeatable'
            cand --type 'Send one of the vendor''s own types, by its id or by the vendor''s name for it'
            cand --set 'Set a field of the contract: PATH=TEXT, typed by the contract, or PATH:=JSON; repeatable'
            cand --body 'Take the whole request body from a file, `-` for stdin'
            cand --dry-run 'Print the request instead of sending it; opens no socket. `=server` asks the vendor''s own check'
            cand --nonce 'Fix the nonce of a printed signature'
            cand --timestamp 'Fix the timestamp of a printed signature'
            cand --deadline 'Give up after this time in all: 500ms, 2m [default: 30s]'
            cand --cacert 'Trust the certificates in this PEM file instead of the ones compiled in'
            cand --ledger 'Keep the ledger here'
            cand --confirm 'Confirm a send to everybody, a tag, a package or very many, by the profile''s name'
            cand --allow 'Waive one lint rule by its code, repeatable'
            cand --override 'Pass one guard by its name, repeatable; recorded in the ledger'
            cand --profile 'Use this profile'
            cand --profiles 'Read profiles from this file'
            cand --provider 'Use this provider, where no profile says which'
            cand --output 'Write results in this format; those behind ndjson are of `validate` alone'
            cand --color 'Colour what is written'
            cand --curl 'Print the request as a curl command instead of sending it'
            cand --show-secrets 'Show secrets and signatures in what --dry-run and --curl print'
            cand --yes 'Say yes to the question that a larger audience raises'
            cand --sandbox 'Run against the stand-in inside herald: no credentials, no network'
            cand -v 'Tell each phase on stderr, without secrets'
            cand --verbose 'Tell each phase on stderr, without secrets'
            cand -q 'Keep remarks back; errors and results stay'
            cand --quiet 'Keep remarks back; errors and results stay'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'herald;broadcast'= {
            cand --tag 'Reach whoever has this tag, repeatable: any of them'
            cand --package 'Reach the users of this app package'
            cand --targets 'Reach the targets in this file, one a line; `-` for stdin'
            cand --to 'Name a target, repeatable: user:bob, group:g1'
            cand --from 'Name the sender'
            cand --text 'Send a text'
            cand --image 'Send a picture'
            cand --voice 'Send a voice message'
            cand --video 'Send a video'
            cand --file 'Send a file'
            cand --location 'Send a place'
            cand --command 'Send a command that the app acts on and does not show'
            cand --title 'Give it a title, where the vendor has one'
            cand --extra 'Add a pair of the app''s own data, repeatable'
            cand --type 'Send one of the vendor''s own types, by its id or by the vendor''s name for it'
            cand --set 'Set a field of the contract: PATH=TEXT, typed by the contract, or PATH:=JSON; repeatable'
            cand --body 'Take the whole request body from a file, `-` for stdin'
            cand --dry-run 'Print the request instead of sending it; opens no socket. `=server` asks the vendor''s own check'
            cand --nonce 'Fix the nonce of a printed signature'
            cand --timestamp 'Fix the timestamp of a printed signature'
            cand --deadline 'Give up after this time in all: 500ms, 2m [default: 30s]'
            cand --cacert 'Trust the certificates in this PEM file instead of the ones compiled in'
            cand --ledger 'Keep the ledger here'
            cand --confirm 'Confirm a send to everybody, a tag, a package or very many, by the profile''s name'
            cand --allow 'Waive one lint rule by its code, repeatable'
            cand --override 'Pass one guard by its name, repeatable; recorded in the ledger'
            cand --profile 'Use this profile'
            cand --profiles 'Read profiles from this file'
            cand --provider 'Use this provider, where no profile says which'
            cand --output 'Write results in this format; those behind ndjson are of `validate` alone'
            cand --color 'Colour what is written'
            cand --all 'Reach everybody'
            cand --curl 'Print the request as a curl command instead of sending it'
            cand --show-secrets 'Show secrets and signatures in what --dry-run and --curl print'
            cand --yes 'Say yes to the question that a larger audience raises'
            cand --sandbox 'Run against the stand-in inside herald: no credentials, no network'
            cand -v 'Tell each phase on stderr, without secrets'
            cand --verbose 'Tell each phase on stderr, without secrets'
            cand -q 'Keep remarks back; errors and results stay'
            cand --quiet 'Keep remarks back; errors and results stay'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'herald;recall'= {
            cand --to 'Name the user, group or room that it is about, where the ledger does not know'
            cand --from 'Name who acts, where the ledger does not know'
            cand --set 'Set a field of the contract: PATH=TEXT or PATH:=JSON; repeatable'
            cand --dry-run 'Print the request instead of sending it; opens no socket. `=server` asks the vendor''s own check'
            cand --nonce 'Fix the nonce of a printed signature'
            cand --timestamp 'Fix the timestamp of a printed signature'
            cand --deadline 'Give up after this time in all: 500ms, 2m [default: 30s]'
            cand --cacert 'Trust the certificates in this PEM file instead of the ones compiled in'
            cand --ledger 'Keep the ledger here'
            cand --confirm 'Confirm a send to everybody, a tag, a package or very many, by the profile''s name'
            cand --allow 'Waive one lint rule by its code, repeatable'
            cand --override 'Pass one guard by its name, repeatable; recorded in the ledger'
            cand --profile 'Use this profile'
            cand --profiles 'Read profiles from this file'
            cand --provider 'Use this provider, where no profile says which'
            cand --output 'Write results in this format; those behind ndjson are of `validate` alone'
            cand --color 'Colour what is written'
            cand --last 'Mean what was sent last'
            cand --curl 'Print the request as a curl command instead of sending it'
            cand --show-secrets 'Show secrets and signatures in what --dry-run and --curl print'
            cand --yes 'Say yes to the question that a larger audience raises'
            cand --sandbox 'Run against the stand-in inside herald: no credentials, no network'
            cand -v 'Tell each phase on stderr, without secrets'
            cand --verbose 'Tell each phase on stderr, without secrets'
            cand -q 'Keep remarks back; errors and results stay'
            cand --quiet 'Keep remarks back; errors and results stay'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'herald;update'= {
            cand --to 'Name a target, repeatable: user:bob, group:g1'
            cand --from 'Name the sender'
            cand --text 'Send a text'
            cand --image 'Send a picture'
            cand --voice 'Send a voice message'
            cand --video 'Send a video'
            cand --file 'Send a file'
            cand --location 'Send a place'
            cand --command 'Send a command that the app acts on and does not show'
            cand --title 'Give it a title, where the vendor has one'
            cand --extra 'Add a pair of the app''s own data, repeatable'
            cand --type 'Send one of the vendor''s own types, by its id or by the vendor''s name for it'
            cand --set 'Set a field of the contract: PATH=TEXT, typed by the contract, or PATH:=JSON; repeatable'
            cand --body 'Take the whole request body from a file, `-` for stdin'
            cand --dry-run 'Print the request instead of sending it; opens no socket. `=server` asks the vendor''s own check'
            cand --nonce 'Fix the nonce of a printed signature'
            cand --timestamp 'Fix the timestamp of a printed signature'
            cand --deadline 'Give up after this time in all: 500ms, 2m [default: 30s]'
            cand --cacert 'Trust the certificates in this PEM file instead of the ones compiled in'
            cand --ledger 'Keep the ledger here'
            cand --confirm 'Confirm a send to everybody, a tag, a package or very many, by the profile''s name'
            cand --allow 'Waive one lint rule by its code, repeatable'
            cand --override 'Pass one guard by its name, repeatable; recorded in the ledger'
            cand --profile 'Use this profile'
            cand --profiles 'Read profiles from this file'
            cand --provider 'Use this provider, where no profile says which'
            cand --output 'Write results in this format; those behind ndjson are of `validate` alone'
            cand --color 'Colour what is written'
            cand --last 'Mean what was sent last'
            cand --curl 'Print the request as a curl command instead of sending it'
            cand --show-secrets 'Show secrets and signatures in what --dry-run and --curl print'
            cand --yes 'Say yes to the question that a larger audience raises'
            cand --sandbox 'Run against the stand-in inside herald: no credentials, no network'
            cand -v 'Tell each phase on stderr, without secrets'
            cand --verbose 'Tell each phase on stderr, without secrets'
            cand -q 'Keep remarks back; errors and results stay'
            cand --quiet 'Keep remarks back; errors and results stay'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'herald;delete'= {
            cand --to 'Name the user, group or room that it is about, where the ledger does not know'
            cand --from 'Name who acts, where the ledger does not know'
            cand --set 'Set a field of the contract: PATH=TEXT or PATH:=JSON; repeatable'
            cand --dry-run 'Print the request instead of sending it; opens no socket. `=server` asks the vendor''s own check'
            cand --nonce 'Fix the nonce of a printed signature'
            cand --timestamp 'Fix the timestamp of a printed signature'
            cand --deadline 'Give up after this time in all: 500ms, 2m [default: 30s]'
            cand --cacert 'Trust the certificates in this PEM file instead of the ones compiled in'
            cand --ledger 'Keep the ledger here'
            cand --confirm 'Confirm a send to everybody, a tag, a package or very many, by the profile''s name'
            cand --allow 'Waive one lint rule by its code, repeatable'
            cand --override 'Pass one guard by its name, repeatable; recorded in the ledger'
            cand --profile 'Use this profile'
            cand --profiles 'Read profiles from this file'
            cand --provider 'Use this provider, where no profile says which'
            cand --output 'Write results in this format; those behind ndjson are of `validate` alone'
            cand --color 'Colour what is written'
            cand --last 'Mean what was sent last'
            cand --curl 'Print the request as a curl command instead of sending it'
            cand --show-secrets 'Show secrets and signatures in what --dry-run and --curl print'
            cand --yes 'Say yes to the question that a larger audience raises'
            cand --sandbox 'Run against the stand-in inside herald: no credentials, no network'
            cand -v 'Tell each phase on stderr, without secrets'
            cand --verbose 'Tell each phase on stderr, without secrets'
            cand -q 'Keep remarks back; errors and results stay'
            cand --quiet 'Keep remarks back; errors and results stay'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'herald;clear'= {
            cand --to 'Name the user, group or room that it is about, where the ledger does not know'
            cand --from 'Name who acts, where the ledger does not know'
            cand --set 'Set a field of the contract: PATH=TEXT or PATH:=JSON; repeatable'
            cand --dry-run 'Print the request instead of sending it; opens no socket. `=server` asks the vendor''s own check'
            cand --nonce 'Fix the nonce of a printed signature'
            cand --timestamp 'Fix the timestamp of a printed signature'
            cand --deadline 'Give up after this time in all: 500ms, 2m [default: 30s]'
            cand --cacert 'Trust the certificates in this PEM file instead of the ones compiled in'
            cand --ledger 'Keep the ledger here'
            cand --confirm 'Confirm a send to everybody, a tag, a package or very many, by the profile''s name'
            cand --allow 'Waive one lint rule by its code, repeatable'
            cand --override 'Pass one guard by its name, repeatable; recorded in the ledger'
            cand --profile 'Use this profile'
            cand --profiles 'Read profiles from this file'
            cand --provider 'Use this provider, where no profile says which'
            cand --output 'Write results in this format; those behind ndjson are of `validate` alone'
            cand --color 'Colour what is written'
            cand --last 'Mean what was sent last'
            cand --curl 'Print the request as a curl command instead of sending it'
            cand --show-secrets 'Show secrets and signatures in what --dry-run and --curl print'
            cand --yes 'Say yes to the question that a larger audience raises'
            cand --sandbox 'Run against the stand-in inside herald: no credentials, no network'
            cand -v 'Tell each phase on stderr, without secrets'
            cand --verbose 'Tell each phase on stderr, without secrets'
            cand -q 'Keep remarks back; errors and results stay'
            cand --quiet 'Keep remarks back; errors and results stay'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'herald;get'= {
            cand --to 'Name the user, group or room that it is about, where the ledger does not know'
            cand --from 'Name who acts, where the ledger does not know'
            cand --set 'Set a field of the contract: PATH=TEXT or PATH:=JSON; repeatable'
            cand --dry-run 'Print the request instead of sending it; opens no socket. `=server` asks the vendor''s own check'
            cand --nonce 'Fix the nonce of a printed signature'
            cand --timestamp 'Fix the timestamp of a printed signature'
            cand --deadline 'Give up after this time in all: 500ms, 2m [default: 30s]'
            cand --cacert 'Trust the certificates in this PEM file instead of the ones compiled in'
            cand --ledger 'Keep the ledger here'
            cand --confirm 'Confirm a send to everybody, a tag, a package or very many, by the profile''s name'
            cand --allow 'Waive one lint rule by its code, repeatable'
            cand --override 'Pass one guard by its name, repeatable; recorded in the ledger'
            cand --profile 'Use this profile'
            cand --profiles 'Read profiles from this file'
            cand --provider 'Use this provider, where no profile says which'
            cand --output 'Write results in this format; those behind ndjson are of `validate` alone'
            cand --color 'Colour what is written'
            cand --last 'Mean what was sent last'
            cand --curl 'Print the request as a curl command instead of sending it'
            cand --show-secrets 'Show secrets and signatures in what --dry-run and --curl print'
            cand --yes 'Say yes to the question that a larger audience raises'
            cand --sandbox 'Run against the stand-in inside herald: no credentials, no network'
            cand -v 'Tell each phase on stderr, without secrets'
            cand --verbose 'Tell each phase on stderr, without secrets'
            cand -q 'Keep remarks back; errors and results stay'
            cand --quiet 'Keep remarks back; errors and results stay'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'herald;status'= {
            cand --to 'Name the user, group or room that it is about, where the ledger does not know'
            cand --from 'Name who acts, where the ledger does not know'
            cand --set 'Set a field of the contract: PATH=TEXT or PATH:=JSON; repeatable'
            cand --dry-run 'Print the request instead of sending it; opens no socket. `=server` asks the vendor''s own check'
            cand --nonce 'Fix the nonce of a printed signature'
            cand --timestamp 'Fix the timestamp of a printed signature'
            cand --deadline 'Give up after this time in all: 500ms, 2m [default: 30s]'
            cand --cacert 'Trust the certificates in this PEM file instead of the ones compiled in'
            cand --ledger 'Keep the ledger here'
            cand --confirm 'Confirm a send to everybody, a tag, a package or very many, by the profile''s name'
            cand --allow 'Waive one lint rule by its code, repeatable'
            cand --override 'Pass one guard by its name, repeatable; recorded in the ledger'
            cand --profile 'Use this profile'
            cand --profiles 'Read profiles from this file'
            cand --provider 'Use this provider, where no profile says which'
            cand --output 'Write results in this format; those behind ndjson are of `validate` alone'
            cand --color 'Colour what is written'
            cand --last 'Mean what was sent last'
            cand --curl 'Print the request as a curl command instead of sending it'
            cand --show-secrets 'Show secrets and signatures in what --dry-run and --curl print'
            cand --yes 'Say yes to the question that a larger audience raises'
            cand --sandbox 'Run against the stand-in inside herald: no credentials, no network'
            cand -v 'Tell each phase on stderr, without secrets'
            cand --verbose 'Tell each phase on stderr, without secrets'
            cand -q 'Keep remarks back; errors and results stay'
            cand --quiet 'Keep remarks back; errors and results stay'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'herald;call'= {
            cand --set 'Set a field of the contract: PATH=TEXT, typed by the contract, or PATH:=JSON; repeatable'
            cand --body 'Take the whole request body from a file, `-` for stdin'
            cand --dry-run 'Print the request instead of sending it; opens no socket. `=server` asks the vendor''s own check'
            cand --nonce 'Fix the nonce of a printed signature'
            cand --timestamp 'Fix the timestamp of a printed signature'
            cand --deadline 'Give up after this time in all: 500ms, 2m [default: 30s]'
            cand --cacert 'Trust the certificates in this PEM file instead of the ones compiled in'
            cand --ledger 'Keep the ledger here'
            cand --confirm 'Confirm a send to everybody, a tag, a package or very many, by the profile''s name'
            cand --allow 'Waive one lint rule by its code, repeatable'
            cand --override 'Pass one guard by its name, repeatable; recorded in the ledger'
            cand --profile 'Use this profile'
            cand --profiles 'Read profiles from this file'
            cand --provider 'Use this provider, where no profile says which'
            cand --output 'Write results in this format; those behind ndjson are of `validate` alone'
            cand --color 'Colour what is written'
            cand --curl 'Print the request as a curl command instead of sending it'
            cand --show-secrets 'Show secrets and signatures in what --dry-run and --curl print'
            cand --yes 'Say yes to the question that a larger audience raises'
            cand --sandbox 'Run against the stand-in inside herald: no credentials, no network'
            cand -v 'Tell each phase on stderr, without secrets'
            cand --verbose 'Tell each phase on stderr, without secrets'
            cand -q 'Keep remarks back; errors and results stay'
            cand --quiet 'Keep remarks back; errors and results stay'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'herald;validate'= {
            cand --as 'Take every payload as one for this operation'
            cand --allow 'Waive a rule by its code, as jpush-v2/V2-13; may be given several times'
            cand --report 'Write a report to a file beside the normal output; may be given several times'
            cand --profile 'Use this profile'
            cand --profiles 'Read profiles from this file'
            cand --provider 'Use this provider, where no profile says which'
            cand --output 'Write results in this format; those behind ndjson are of `validate` alone'
            cand --color 'Colour what is written'
            cand -v 'Tell each phase on stderr, without secrets'
            cand --verbose 'Tell each phase on stderr, without secrets'
            cand -q 'Keep remarks back; errors and results stay'
            cand --quiet 'Keep remarks back; errors and results stay'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'herald;sign'= {
            cand --body 'Take the request body from a file, `-` for stdin'
            cand --set 'Set a field: PATH=TEXT or PATH:=JSON; repeatable'
            cand --verify 'Check this signature instead of printing one: exit code 0 if it is right, 1 if not'
            cand --nonce 'Use this nonce'
            cand --timestamp 'Use this timestamp'
            cand --profile 'Use this profile'
            cand --profiles 'Read profiles from this file'
            cand --provider 'Use this provider, where no profile says which'
            cand --output 'Write results in this format; those behind ndjson are of `validate` alone'
            cand --color 'Colour what is written'
            cand --explain 'Show each piece that is hashed'
            cand --show-secrets 'Show the secret among the pieces of --explain'
            cand -v 'Tell each phase on stderr, without secrets'
            cand --verbose 'Tell each phase on stderr, without secrets'
            cand -q 'Keep remarks back; errors and results stay'
            cand --quiet 'Keep remarks back; errors and results stay'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'herald;profile'= {
            cand --profile 'Use this profile'
            cand --profiles 'Read profiles from this file'
            cand --provider 'Use this provider, where no profile says which'
            cand --output 'Write results in this format; those behind ndjson are of `validate` alone'
            cand --color 'Colour what is written'
            cand -v 'Tell each phase on stderr, without secrets'
            cand --verbose 'Tell each phase on stderr, without secrets'
            cand -q 'Keep remarks back; errors and results stay'
            cand --quiet 'Keep remarks back; errors and results stay'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand init 'Ask for what a profile needs and add it to the profile file'
            cand list 'List the profiles'
            cand show 'Show a profile without its secrets, and where each value comes from'
            cand check 'Check that profiles can be used'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'herald;profile;init'= {
            cand --profile 'Use this profile'
            cand --profiles 'Read profiles from this file'
            cand --provider 'Use this provider, where no profile says which'
            cand --output 'Write results in this format; those behind ndjson are of `validate` alone'
            cand --color 'Colour what is written'
            cand -v 'Tell each phase on stderr, without secrets'
            cand --verbose 'Tell each phase on stderr, without secrets'
            cand -q 'Keep remarks back; errors and results stay'
            cand --quiet 'Keep remarks back; errors and results stay'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'herald;profile;list'= {
            cand --profile 'Use this profile'
            cand --profiles 'Read profiles from this file'
            cand --provider 'Use this provider, where no profile says which'
            cand --output 'Write results in this format; those behind ndjson are of `validate` alone'
            cand --color 'Colour what is written'
            cand -v 'Tell each phase on stderr, without secrets'
            cand --verbose 'Tell each phase on stderr, without secrets'
            cand -q 'Keep remarks back; errors and results stay'
            cand --quiet 'Keep remarks back; errors and results stay'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'herald;profile;show'= {
            cand --profile 'Use this profile'
            cand --profiles 'Read profiles from this file'
            cand --provider 'Use this provider, where no profile says which'
            cand --output 'Write results in this format; those behind ndjson are of `validate` alone'
            cand --color 'Colour what is written'
            cand -v 'Tell each phase on stderr, without secrets'
            cand --verbose 'Tell each phase on stderr, without secrets'
            cand -q 'Keep remarks back; errors and results stay'
            cand --quiet 'Keep remarks back; errors and results stay'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'herald;profile;check'= {
            cand --profile 'Use this profile'
            cand --profiles 'Read profiles from this file'
            cand --provider 'Use this provider, where no profile says which'
            cand --output 'Write results in this format; those behind ndjson are of `validate` alone'
            cand --color 'Colour what is written'
            cand --online 'Also ask the vendor, by a call that changes nothing'
            cand -v 'Tell each phase on stderr, without secrets'
            cand --verbose 'Tell each phase on stderr, without secrets'
            cand -q 'Keep remarks back; errors and results stay'
            cand --quiet 'Keep remarks back; errors and results stay'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'herald;profile;help'= {
            cand init 'Ask for what a profile needs and add it to the profile file'
            cand list 'List the profiles'
            cand show 'Show a profile without its secrets, and where each value comes from'
            cand check 'Check that profiles can be used'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'herald;profile;help;init'= {
        }
        &'herald;profile;help;list'= {
        }
        &'herald;profile;help;show'= {
        }
        &'herald;profile;help;check'= {
        }
        &'herald;profile;help;help'= {
        }
        &'herald;history'= {
            cand --outcome 'Only those with this outcome: accepted, rejected, unavailable, unknown, partial, sending'
            cand --limit 'Show so many at most'
            cand --ledger 'Read this ledger'
            cand --profile 'Use this profile'
            cand --profiles 'Read profiles from this file'
            cand --provider 'Use this provider, where no profile says which'
            cand --output 'Write results in this format; those behind ndjson are of `validate` alone'
            cand --color 'Colour what is written'
            cand --sandbox 'Show what went to the sandbox instead of what went out'
            cand -v 'Tell each phase on stderr, without secrets'
            cand --verbose 'Tell each phase on stderr, without secrets'
            cand -q 'Keep remarks back; errors and results stay'
            cand --quiet 'Keep remarks back; errors and results stay'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand list 'List what was sent, latest first'
            cand show 'Show all that is known of one entry'
            cand resolve 'Write down what became of an unknown one'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'herald;history;list'= {
            cand --outcome 'Only those with this outcome: accepted, rejected, unavailable, unknown, partial, sending'
            cand --limit 'Show so many at most'
            cand --ledger 'Read this ledger'
            cand --profile 'Use this profile'
            cand --profiles 'Read profiles from this file'
            cand --provider 'Use this provider, where no profile says which'
            cand --output 'Write results in this format; those behind ndjson are of `validate` alone'
            cand --color 'Colour what is written'
            cand --sandbox 'Show what went to the sandbox instead of what went out'
            cand -v 'Tell each phase on stderr, without secrets'
            cand --verbose 'Tell each phase on stderr, without secrets'
            cand -q 'Keep remarks back; errors and results stay'
            cand --quiet 'Keep remarks back; errors and results stay'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'herald;history;show'= {
            cand --ledger 'Read this ledger'
            cand --profile 'Use this profile'
            cand --profiles 'Read profiles from this file'
            cand --provider 'Use this provider, where no profile says which'
            cand --output 'Write results in this format; those behind ndjson are of `validate` alone'
            cand --color 'Colour what is written'
            cand --sandbox 'Show what went to the sandbox instead of what went out'
            cand -v 'Tell each phase on stderr, without secrets'
            cand --verbose 'Tell each phase on stderr, without secrets'
            cand -q 'Keep remarks back; errors and results stay'
            cand --quiet 'Keep remarks back; errors and results stay'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'herald;history;resolve'= {
            cand --note 'Say how that is known'
            cand --ledger 'Read this ledger'
            cand --profile 'Use this profile'
            cand --profiles 'Read profiles from this file'
            cand --provider 'Use this provider, where no profile says which'
            cand --output 'Write results in this format; those behind ndjson are of `validate` alone'
            cand --color 'Colour what is written'
            cand --accepted 'The vendor has it'
            cand --not-accepted 'The vendor does not have it: it may be sent again'
            cand --sandbox 'Show what went to the sandbox instead of what went out'
            cand -v 'Tell each phase on stderr, without secrets'
            cand --verbose 'Tell each phase on stderr, without secrets'
            cand -q 'Keep remarks back; errors and results stay'
            cand --quiet 'Keep remarks back; errors and results stay'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'herald;history;help'= {
            cand list 'List what was sent, latest first'
            cand show 'Show all that is known of one entry'
            cand resolve 'Write down what became of an unknown one'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'herald;history;help;list'= {
        }
        &'herald;history;help;show'= {
        }
        &'herald;history;help;resolve'= {
        }
        &'herald;history;help;help'= {
        }
        &'herald;explain'= {
            cand --profile 'Use this profile'
            cand --profiles 'Read profiles from this file'
            cand --provider 'Use this provider, where no profile says which'
            cand --output 'Write results in this format; those behind ndjson are of `validate` alone'
            cand --color 'Colour what is written'
            cand -v 'Tell each phase on stderr, without secrets'
            cand --verbose 'Tell each phase on stderr, without secrets'
            cand -q 'Keep remarks back; errors and results stay'
            cand --quiet 'Keep remarks back; errors and results stay'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'herald;schema'= {
            cand --all 'Write every schema into a folder, as `DIR/PROVIDER/NAME.json`'
            cand --profile 'Use this profile'
            cand --profiles 'Read profiles from this file'
            cand --provider 'Use this provider, where no profile says which'
            cand --output 'Write results in this format; those behind ndjson are of `validate` alone'
            cand --color 'Colour what is written'
            cand -v 'Tell each phase on stderr, without secrets'
            cand --verbose 'Tell each phase on stderr, without secrets'
            cand -q 'Keep remarks back; errors and results stay'
            cand --quiet 'Keep remarks back; errors and results stay'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'herald;providers'= {
            cand --profile 'Use this profile'
            cand --profiles 'Read profiles from this file'
            cand --provider 'Use this provider, where no profile says which'
            cand --output 'Write results in this format; those behind ndjson are of `validate` alone'
            cand --color 'Colour what is written'
            cand --matrix 'Show what neutral content becomes with each provider'
            cand -v 'Tell each phase on stderr, without secrets'
            cand --verbose 'Tell each phase on stderr, without secrets'
            cand -q 'Keep remarks back; errors and results stay'
            cand --quiet 'Keep remarks back; errors and results stay'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'herald;sandbox'= {
            cand --listen 'Listen on this address; port 0 takes any that is free'
            cand --state 'Keep the state in this folder instead of the one that `--sandbox` uses'
            cand --switch 'Change how a provider''s servers behave, as `edition=community`, for one provider or for all'
            cand --profile 'Use this profile'
            cand --profiles 'Read profiles from this file'
            cand --provider 'Use this provider, where no profile says which'
            cand --output 'Write results in this format; those behind ndjson are of `validate` alone'
            cand --color 'Colour what is written'
            cand --expose 'Allow an address that other machines can reach'
            cand --memory 'Keep the state in memory: each start is a fresh one'
            cand -v 'Tell each phase on stderr, without secrets'
            cand --verbose 'Tell each phase on stderr, without secrets'
            cand -q 'Keep remarks back; errors and results stay'
            cand --quiet 'Keep remarks back; errors and results stay'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'herald;completions'= {
            cand --dir 'Write into this folder, under the names that shells and `man` look for, instead of printing'
            cand --profile 'Use this profile'
            cand --profiles 'Read profiles from this file'
            cand --provider 'Use this provider, where no profile says which'
            cand --output 'Write results in this format; those behind ndjson are of `validate` alone'
            cand --color 'Colour what is written'
            cand -v 'Tell each phase on stderr, without secrets'
            cand --verbose 'Tell each phase on stderr, without secrets'
            cand -q 'Keep remarks back; errors and results stay'
            cand --quiet 'Keep remarks back; errors and results stay'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'herald;help'= {
            cand send 'Send one message to named users, groups, rooms, aliases or registration ids'
            cand broadcast 'Send one message to everybody, a tag, a package or a list'
            cand recall 'Take back what was sent: by ledger id, by the vendor''s id, or the last one'
            cand update 'Replace the content of a message that was sent'
            cand delete 'Delete a message that was sent'
            cand clear 'Clear messages of a conversation'
            cand get 'Fetch a message'
            cand status 'Ask what became of a message'
            cand call 'Call any operation of a contract'
            cand validate 'Lint payload files, folders, NDJSON and stdin; offline, without credentials'
            cand sign 'Print a signature and its headers, explain it, or verify one'
            cand profile 'Make, list, show and check profiles'
            cand history 'Show what was sent, its ids and outcome'
            cand explain 'Explain a lint rule or a vendor''s error code'
            cand schema 'Write JSON Schemas of operations, message types and herald''s own output'
            cand providers 'Show what can be sent: operations, message types, fields, limits, rates'
            cand sandbox 'Serve a local stand-in for the vendors'
            cand completions 'Print the completion script of a shell, or the manual pages'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'herald;help;send'= {
        }
        &'herald;help;broadcast'= {
        }
        &'herald;help;recall'= {
        }
        &'herald;help;update'= {
        }
        &'herald;help;delete'= {
        }
        &'herald;help;clear'= {
        }
        &'herald;help;get'= {
        }
        &'herald;help;status'= {
        }
        &'herald;help;call'= {
        }
        &'herald;help;validate'= {
        }
        &'herald;help;sign'= {
        }
        &'herald;help;profile'= {
            cand init 'Ask for what a profile needs and add it to the profile file'
            cand list 'List the profiles'
            cand show 'Show a profile without its secrets, and where each value comes from'
            cand check 'Check that profiles can be used'
        }
        &'herald;help;profile;init'= {
        }
        &'herald;help;profile;list'= {
        }
        &'herald;help;profile;show'= {
        }
        &'herald;help;profile;check'= {
        }
        &'herald;help;history'= {
            cand list 'List what was sent, latest first'
            cand show 'Show all that is known of one entry'
            cand resolve 'Write down what became of an unknown one'
        }
        &'herald;help;history;list'= {
        }
        &'herald;help;history;show'= {
        }
        &'herald;help;history;resolve'= {
        }
        &'herald;help;explain'= {
        }
        &'herald;help;schema'= {
        }
        &'herald;help;providers'= {
        }
        &'herald;help;sandbox'= {
        }
        &'herald;help;completions'= {
        }
        &'herald;help;help'= {
        }
    ]
    $completions[$command]
}
