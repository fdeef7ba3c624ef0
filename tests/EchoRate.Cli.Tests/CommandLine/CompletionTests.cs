using EchoRate.Cli.Tests.BadInput;

namespace EchoRate.Cli.Tests.CommandLine;

/// <summary><c>echorate --completion bash|zsh</c>: the shells themselves are asked what they complete.</summary>
public sealed class CompletionTests : IDisposable
{
    private readonly Workplace _here = new();

    [Theory]
    [InlineData("run", "echorate", "ru")]
    [InlineData("list add remove --help", "echorate", "backend", "")]
    [InlineData("--gpu-layers", "echorate", "run", "--gpu")]
    [InlineData("excel excel-eu data", "echorate", "demo", "--csv", "")]
    [InlineData("--version", "echorate", "--v")]
    public void Bash_completes_commands_options_and_values(string expected, params string[] words)
    {
        WriteScript("bash");
        var typed = string.Join(' ', words.Select(word => $"'{word}'"));

        var answer = Ask(
            "bash",
            "--norc",
            "-c",
            $$"""
            source ./script || exit 9
            function=$(complete -p echorate | sed 's/.*-F \([^ ]*\).*/\1/')
            COMP_WORDS=({{typed}})
            COMP_CWORD={{words.Length - 1}}
            $function
            echo "${COMPREPLY[*]}"
            """
        );

        Assert.Equal(expected, answer.Trim());
    }

    [Fact]
    public void Zsh_reads_its_script_and_registers_it()
    {
        WriteScript("zsh");

        Assert.Equal(
            "_echorate echorate\n",
            Ask(
                "zsh",
                "-f",
                "-c",
                "compdef() { echo $@ }; source ./script && whence _echorate >/dev/null"
            )
        );
    }

    [Fact]
    public void Another_shell_is_answered_with_those_that_are_known()
    {
        _here.Refuses(
            2,
            "--completion: 'fish' is not allowed; allowed: bash, zsh",
            "--completion",
            "fish"
        );
        _here.Refuses(2, "--completion: a shell is missing; allowed: bash, zsh", "--completion");
    }

    public void Dispose() => _here.Dispose();

    private void WriteScript(string shell)
    {
        var outcome = Echorate.Run(_here.Folder.Path, "--completion", shell);
        Assert.Equal((0, ""), (outcome.ExitCode, outcome.Error));
        Assert.NotEmpty(outcome.Out);
        _here.Folder.Write("script", outcome.Out);
    }

    private string Ask(string shell, params string[] arguments)
    {
        var path = new[] { "/bin/", "/usr/bin/", "/usr/local/bin/" }
            .Select(folder => folder + shell)
            .FirstOrDefault(File.Exists);
        Assert.SkipWhen(path is null, $"there is no {shell} here");
        var start = new ProcessStartInfo(path, arguments)
        {
            WorkingDirectory = _here.Folder.Path,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var answer = process.StandardOutput.ReadToEnd();
        var errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{shell}: {process.ExitCode}: {errors}");
        Assert.Equal("", errors);
        return answer;
    }
}
