namespace EchoRate.Cli.Tests.Inspecting;

/// <summary>inspect --check: the checker alone, all problems at once.</summary>
public sealed class CheckTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_sound_file_is_code_0_and_its_warnings_are_told()
    {
        var path = BuiltFile.Spm("gemma").In(_folder);

        var outcome = Echorate.Run(_folder.Path, "inspect", path, "--check");

        Assert.Equal((0, ""), (outcome.ExitCode, outcome.Error));
        Assert.StartsWith(
            "warning NoSpacePrefixKey: ",
            outcome.OutLines[0],
            StringComparison.Ordinal
        );
        Assert.Equal($"sound: {path}", outcome.OutLines[^1]);
    }

    [Fact]
    public void All_problems_come_at_once_with_code_3()
    {
        var path = BuiltFile
            .Spm()
            .With("llama.block_count", 0)
            .Set("llama.rope.scaling.type", GgufValue.Text("\e[31m"))
            .With("tokenizer.ggml.bos_token_id", 9999)
            .In(_folder);

        var outcome = Echorate.Run(_folder.Path, "inspect", path, "--check", "--json");

        Assert.Equal(3, outcome.ExitCode);
        Assert.Equal($"echorate: {path}: 2 errors; a run would refuse the file\n", outcome.Error);
        var check = JsonDocument.Parse(outcome.Out).RootElement;
        Assert.False(check.GetProperty("ok").GetBoolean());
        Assert.Equal(
            ["error NoLayers", "error UnknownRopeScaling", "warning BosOutOfRange"],
            check
                .GetProperty("problems")
                .EnumerateArray()
                .Select(problem =>
                    $"{problem.GetProperty("severity").GetString()} {problem.GetProperty("code").GetString()}"
                )
        );
        // What a file says does not move the terminal's cursor.
        Assert.DoesNotContain('\e', Echorate.Run(_folder.Path, "inspect", path, "--check").Out);
    }
}
