Register-ArgumentCompleter -Native -CommandName 'PROGRAM' -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)

    # The words as they stand there: nothing of the line is run to find out what it means.
    $words = @($commandAst.CommandElements |
        Where-Object { $_.Extent.StartOffset -lt $cursorPosition } |
        ForEach-Object { if ($null -ne $_.Value) { [string]$_.Value } else { $_.Extent.Text } })
    if ($wordToComplete -eq '') {
        $words += ''
    }

    $before = $env:VARIABLE
    $env:VARIABLE = 'powershell'
    $results = @(& COMPLETER -- @words)
    if ($null -eq $before) {
        Remove-Item Env:\VARIABLE
    } else {
        $env:VARIABLE = $before
    }

    $results | Where-Object { $_ } | ForEach-Object {
        $value, $help = $_.Split("`t", 2)
        if (-not $help) {
            $help = $value
        }
        # A value that the shell would take apart, or expand, stands in quotes.
        $typed = $value
        if ($value -notmatch '^[\w\-./=:+%\\]+$') {
            $typed = "'" + ($value -replace "['\u2018-\u201b]", '$0$0') + "'"
        }
        [System.Management.Automation.CompletionResult]::new($typed, $value, 'ParameterValue', $help)
    }
}
