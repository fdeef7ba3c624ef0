using EchoRate.Cli.CommandLine;
using EchoRate.Cli.Commands;
using EchoRate.Cli.Errors;
using EchoRate.Cli.Requests;

namespace EchoRate.Cli.Tests.CommandLine;

/// <summary>What the parser refuses, what it takes, and how: without a process, a test takes no time.</summary>
public sealed class StrictParserTests
{
    private const string Help = " (echorate run --help lists what is allowed)";

    private const string Shards = "I/N, I from 1 to N, N from 1 to 10000, like 1/4";

    private static readonly Verb s_run = Verb.Of<RunCommand>(() => null!);
    private static readonly Verb s_pull = Verb.Of<PullCommand>(() => null!);
    private static readonly Verb s_tokenize = Verb.Of<TokenizeCommand>(() => null!);

    [Theory]
    [InlineData("'--nosuch' is not an option of echorate run", "--nosuch")]
    [InlineData("'--nosuch' is not an option of echorate run", "--nosuch=1")]
    [InlineData("'--Threads' is not an option of echorate run", "--Threads", "1")]
    [InlineData("'--thread' is not an option of echorate run", "--thread", "1")]
    [InlineData("'-t' is not an option of echorate run", "-t", "1")]
    [InlineData("'--engine' is not an option of echorate run", "--engine", "llama")]
    [InlineData("'extra' is one argument too many", "extra")]
    [InlineData("'@words.txt' is one argument too many", "@words.txt")]
    [InlineData("'--threads' is one argument too many", "--", "--threads", "1")]
    [InlineData("--threads is given twice", "--threads", "1", "--threads", "2")]
    [InlineData("--threads is given twice", "--threads=1", "--threads=1")]
    [InlineData("--resume is given twice", "--resume", "--resume")]
    [InlineData("--out is given twice", "--out", "a", "--out", "b")]
    [InlineData("--file: a value is missing", "--file")]
    [InlineData("--file: a value is missing", "--threads", "1", "--file")]
    [InlineData(
        "--file: a value is missing before '--threads'; a value that begins with two dashes is given as --file=VALUE",
        "--file",
        "--threads",
        "2"
    )]
    [InlineData(
        "--file: a value is missing before '--'; a value that begins with two dashes is given as --file=VALUE",
        "--file",
        "--"
    )]
    [InlineData("--in-process: 'maybe' is not allowed; allowed: true, false", "--in-process=maybe")]
    [InlineData("--in-process: '' is not allowed; allowed: true, false", "--in-process=")]
    [InlineData("--in-process: '1' is not allowed; allowed: true, false", "--in-process=1")]
    [InlineData("--shard: '0/4' is not allowed; allowed: " + Shards, "--shard", "0/4")]
    [InlineData("--shard: '5/4' is not allowed; allowed: " + Shards, "--shard", "5/4")]
    [InlineData("--csv: 'tsv' is not allowed; allowed: excel, excel-eu, data", "--csv", "tsv")]
    [InlineData("--shard: '1' is not allowed; allowed: " + Shards, "--shard", "1")]
    [InlineData("--out: an empty path was given", "--out", "")]
    [InlineData("--out: an empty path was given", "--out=")]
    [InlineData("--device: an empty name was given", "--device", "CPU", "--device", "")]
    [InlineData("--reference: an empty name was given", "--reference", "")]
    [InlineData(
        "--gpu-layers: 'many' is not allowed; allowed: auto, all, or a whole number from 0 to 10000",
        "--gpu-layers",
        "many"
    )]
    [InlineData(
        "--tensor-split: '1,x' is not allowed; allowed: numbers of 0 or more with a decimal point, separated by commas, not all 0",
        "--tensor-split",
        "1,x"
    )]
    [InlineData("--model: an empty value in ''", "--model", "")]
    [InlineData("--model: an empty value in 'a,,b'", "--model", "a,,b")]
    [InlineData("--model: 'A' is given twice", "--model", "a", "--model", "A")]
    public void What_nobody_can_have_meant_is_refused(string problem, params string[] words) =>
        Assert.Equal(
            problem + Help,
            Assert.Throws<UsageException>(() => s_run.Read<RunRequest>(words)).Message
        );

    [Theory]
    [InlineData("0x10")]
    [InlineData(" 1")]
    [InlineData("1 ")]
    [InlineData("1,000")]
    [InlineData("1.0")]
    [InlineData("1e2")]
    [InlineData("١")]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("1025")]
    [InlineData("99999999999")]
    public void Only_a_plain_whole_number_within_bounds_is_one(string text) =>
        Assert.Equal(
            $"--threads: '{text}' is not allowed; allowed: a whole number from 1 to 1024{Help}",
            Assert
                .Throws<UsageException>(() => s_run.Read<RunRequest>([$"--threads={text}"]))
                .Message
        );

    [Theory]
    [InlineData("1,5")]
    [InlineData("1e2")]
    [InlineData("+1")]
    [InlineData("-1")]
    [InlineData("NaN")]
    [InlineData("Infinity")]
    [InlineData("1000.1")]
    public void Only_a_plain_number_within_bounds_is_one(string text) =>
        Assert.Equal(
            $"--vram-margin: '{text}' is not allowed; allowed: a number from 0 to 1000, with a decimal point{Help}",
            Assert
                .Throws<UsageException>(() => s_run.Read<RunRequest>(["--vram-margin", text]))
                .Message
        );

    [Fact]
    public void Numbers_are_the_same_in_every_culture()
    {
        var before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = new CultureInfo("")
            {
                NumberFormat =
                {
                    NumberDecimalSeparator = ",",
                    NumberGroupSeparator = ".",
                    NegativeSign = "~",
                    PositiveSign = "&",
                },
            };
            var request = s_run.Read<RunRequest>([
                "--vram-margin",
                "1.5",
                "--threads",
                "+2",
                "--tensor-split",
                "0.5,1",
            ]);

            Assert.Equal((1.5, 2), (request.VramMargin, request.Threads));
            Assert.Equal([0.5f, 1f], request.TensorSplit!.Parts);
            var refused = Assert.Throws<UsageException>(() =>
                s_run.Read<RunRequest>(["--continue-tokens", "-1"])
            );
            Assert.StartsWith("--continue-tokens: '-1' is not allowed", refused.Message);
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void A_value_follows_its_option_or_stands_behind_an_equals_sign()
    {
        var apart = s_run.Read<RunRequest>(["--threads", "3", "--out", "a b", "--items", "all"]);
        var joined = s_run.Read<RunRequest>(["--threads=3", "--out=a b", "--items=all"]);

        Assert.Equal((3, "a b"), (apart.Threads, apart.Out));
        Assert.Equal((3, "a b"), (joined.Threads, joined.Out));
        Assert.Equal(["all"], apart.Items);
        Assert.Equal(["all"], joined.Items);
    }

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
