using EchoRate.Cli.CommandLine;
using EchoRate.Cli.Commands;
using EchoRate.Cli.Errors;
using EchoRate.Cli.Requests;

namespace EchoRate.Cli.Tests.CommandLine;

/// <summary>What the parser refuses, what it takes, and how: without a process, a test takes no time.</summary>
public sealed class StrictParserTests
{
    private static readonly Verb s_run = Verb.Of<RunCommand>(() => null!);
    private static readonly Verb s_pull = Verb.Of<PullCommand>(() => null!);
    private static readonly Verb s_tokenize = Verb.Of<TokenizeCommand>(() => null!);

    // Words (an empty one is ''), and what is said.
    private const string Refused = """
        --nosuch : '--nosuch' is not an option of echorate run
        --nosuch=1 : '--nosuch' is not an option of echorate run
        --Threads 1 : '--Threads' is not an option of echorate run
        --thread 1 : '--thread' is not an option of echorate run
        -t 1 : '-t' is not an option of echorate run
        --engine llama : '--engine' is not an option of echorate run
        extra : 'extra' is one argument too many
        @words.txt : '@words.txt' is one argument too many
        -- --threads 1 : '--threads' is one argument too many
        --threads 1 --threads 2 : --threads is given twice
        --threads=1 --threads=1 : --threads is given twice
        --resume --resume : --resume is given twice
        --out a --out b : --out is given twice
        --file : --file: a value is missing
        --threads 1 --file : --file: a value is missing
        --file --threads 2 : --file: a value is missing before '--threads'; a value that begins with two dashes is given as --file=VALUE
        --file -- : --file: a value is missing before '--'; a value that begins with two dashes is given as --file=VALUE
        --in-process=maybe : --in-process: 'maybe' is not allowed; allowed: true, false
        --in-process= : --in-process: '' is not allowed; allowed: true, false
        --in-process=1 : --in-process: '1' is not allowed; allowed: true, false
        --shard 0/4 : --shard: '0/4' is not allowed; allowed: I/N, I from 1 to N, N from 1 to 10000, like 1/4
        --shard 5/4 : --shard: '5/4' is not allowed; allowed: I/N, I from 1 to N, N from 1 to 10000, like 1/4
        --shard 1 : --shard: '1' is not allowed; allowed: I/N, I from 1 to N, N from 1 to 10000, like 1/4
        --csv tsv : --csv: 'tsv' is not allowed; allowed: excel, excel-eu, data
        --out '' : --out: an empty path was given
        --out= : --out: an empty path was given
        --device CPU --device '' : --device: an empty name was given
        --reference '' : --reference: an empty name was given
        --gpu-layers many : --gpu-layers: 'many' is not allowed; allowed: auto, all, or a whole number from 0 to 10000
        --tensor-split 1,x : --tensor-split: '1,x' is not allowed; allowed: numbers of 0 or more with a decimal point, separated by commas, not all 0
        --model '' : --model: an empty value in ''
        --model a,,b : --model: an empty value in 'a,,b'
        --model a --model A : --model: 'A' is given twice
        """;

    public static TheoryData<string, string> Refusals =>
        [.. Refused.ReplaceLineEndings("\n").Split('\n').Select(Refusal)];

    private static (string, string) Refusal(string line)
    {
        var at = line.IndexOf(" : ", StringComparison.Ordinal);
        return (line[..at], line[(at + 3)..]);
    }

    [Theory, MemberData(nameof(Refusals))]
    public void What_nobody_can_have_meant_is_refused(string words, string problem) =>
        Refuses(problem, [.. words.Split(' ').Select(word => word == "''" ? "" : word)]);

    [Fact]
    public void Only_a_plain_number_within_bounds_is_one()
    {
        string[] wholes =
        [
            "0x10",
            " 1",
            "1 ",
            "1,000",
            "1.0",
            "1e2",
            "١",
            "",
            "0",
            "-1",
            "1025",
            "99999999999",
        ];
        foreach (var text in wholes)
        {
            Refuses(
                $"--threads: '{text}' is not allowed; allowed: a whole number from 1 to 1024",
                $"--threads={text}"
            );
        }
        foreach (var text in new[] { "1,5", "1e2", "+1", "-1", "NaN", "Infinity", "1000.1" })
        {
            Refuses(
                $"--vram-margin: '{text}' is not allowed; allowed: a number from 0 to 1000, with a decimal point",
                "--vram-margin",
                text
            );
        }
    }

    private static void Refuses(string problem, params string[] words) =>
        Assert.Equal(
            problem + " (echorate run --help lists what is allowed)",
            Assert.Throws<UsageException>(() => s_run.Read<RunRequest>(words)).Message
        );

    [Theory]
    [InlineData("--odd")]
    [InlineData("a=b")]
    [InlineData("@x")]
    [InlineData("-x")]
    public void Behind_an_equals_sign_a_value_may_be_anything(string value) =>
        Assert.Equal(value, s_run.Read<RunRequest>([$"--out={value}"]).Out);

    [Theory]
    [InlineData("@x")]
    [InlineData("-x")]
    [InlineData("-")]
    public void One_dash_or_an_at_sign_makes_no_option(string value) =>
        Assert.Equal(value, s_run.Read<RunRequest>(["--out", value]).Out);

    [Fact]
    public void Lists_are_given_with_commas_or_again()
    {
        var request = s_run.Read<RunRequest>([
            "--model",
            "a, b",
            "--file",
            "x,y.gguf",
            "--model=c",
            "--file",
            "x,y.gguf",
        ]);

        Assert.Equal(["a", "b", "c"], request.Models);
        // A comma may stand in a file's name; whether two are one file, their full paths tell.
        Assert.Equal(["x,y.gguf", "x,y.gguf"], request.Files);
    }

    [Theory]
    [InlineData(true, "--resume")]
    [InlineData(true, "--resume=true")]
    [InlineData(true, "--resume=True")]
    [InlineData(true, "--resume", "true")]
    [InlineData(false, "--resume", "false")]
    [InlineData(false, "--resume=false")]
    [InlineData(false)]
    public void A_flag_needs_no_value(bool expected, params string[] words) =>
        Assert.Equal(expected, s_run.Read<RunRequest>(words).Resume);

    [Theory]
    [InlineData("--json", "--json", "m.gguf", "--", "--json")]
    [InlineData("-5", "m.gguf", "-5")]
    [InlineData("-", "m.gguf", "-")]
    [InlineData("", "m.gguf", "")]
    [InlineData("@x", "m.gguf", "@x")]
    [InlineData("--", "m.gguf", "--", "--")]
    public void After_two_dashes_all_words_are_arguments(string text, params string[] words)
    {
        var request = s_tokenize.Read<TokenizeRequest>(words);

        Assert.Equal(("m.gguf", text), (request.File, request.Text));
        Assert.Equal(words[0] == "--json", request.Json);
    }

    [Theory]
    [InlineData("FILE.gguf is missing")]
    [InlineData("TEXT is missing", "m.gguf")]
    [InlineData("TEXT is missing", "m.gguf", "--json")]
    [InlineData("'b' is one argument too many", "m.gguf", "a", "b")]
    [InlineData("FILE.gguf: an empty path was given", "", "a")]
    [InlineData(
        "'-x' is not an option of echorate tokenize; put -- before an argument that begins with a dash",
        "m.gguf",
        "-x"
    )]
    public void Arguments_are_neither_too_few_nor_too_many(string problem, params string[] words) =>
        Assert.Equal(
            problem + " (echorate tokenize --help lists what is allowed)",
            Assert.Throws<UsageException>(() => s_tokenize.Read<TokenizeRequest>(words)).Message
        );

    [Fact]
    public void Options_may_stand_between_arguments()
    {
        var request = s_pull.Read<PullRequest>(["a", "--manifest", "m.yaml", "b:Q8_0,F16"]);

        Assert.Equal(["a", "b:Q8_0,F16"], request.Names);
        Assert.Equal("m.yaml", request.Manifest);
        Assert.Empty(s_pull.Read<PullRequest>([]).Names);
    }
}
