namespace EchoRate.Cli.Tests.CommandLine;

/// <summary><c>echorate --completion bash|zsh</c>: the shells themselves are asked what they complete.</summary>
public sealed class CompletionTests : ProgramTests
{
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

    private void WriteScript(string shell)
    {
        var outcome = Here("--completion " + shell);
        Assert.Equal((0, ""), (outcome.ExitCode, outcome.Error));
        Folder.Write("script", outcome.Out);
    }

    private string Ask(string shell, params string[] arguments)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), $"there is no {shell} here");
        return Tool.Run(Folder.Path, shell, arguments);
    }
}
