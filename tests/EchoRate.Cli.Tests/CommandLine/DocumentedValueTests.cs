using EchoRate.Cli.CommandLine;
using EchoRate.Cli.CommandLine.Values;
using EchoRate.Cli.Commands;
using EchoRate.Cli.Requests;
using EchoRate.LLamaSharp.Quantizing;
using EchoRate.Machine.Backends;
using EchoRate.Machine.Host;
using EchoRate.Machine.Planning;
using EchoRate.Reports.Csv;
using EchoRate.Runs.Provenance;

namespace EchoRate.Cli.Tests.CommandLine;

/// <summary>Every value that the help or README names is given, each as a user would, and so is every option.</summary>
public sealed class DocumentedValueTests(DemoRun demo) : ProgramTests
{
    private static readonly Verb[] s_verbs =
    [
        Verb.Of<DemoCommand>(() => null!),
        Verb.Of<RunCommand>(() => null!),
        Verb.Of<LensCommand>(() => null!),
        Verb.Of<CutCommand>(() => null!),
        Verb.Of<PositionsCommand>(() => null!),
        Verb.Of<PrefixesCommand>(() => null!),
        Verb.Of<PullCommand>(() => null!),
        Verb.Of<ListCommand>(() => null!),
        Verb.Of<InspectCommand>(() => null!),
        Verb.Of<TokenizeCommand>(() => null!),
        Verb.Of<QuantizeCommand>(() => null!),
        Verb.Of<CompareCommand>(() => null!),
        Verb.Of<MergeCommand>(() => null!),
        Verb.Of<DoctorCommand>(() => null!),
        .. Verb.Group<BackendCommand>("backend", "", () => null!).Parts,
    ];

    private static readonly Dictionary<string, (string Text, object Value)[]> s_values = new()
    {
        ["--manifest"] = [("m.yaml", "m.yaml")],
        ["--model"] = [("a", new[] { "a" }), ("a,b", new[] { "a", "b" })],
        ["--quant"] = [("Q8_0,Q4_K_M", new[] { "Q8_0", "Q4_K_M" })],
        ["--same-model"] = [("auto", SameModel.Auto), ("yes", SameModel.Yes), ("no", SameModel.No)],
        ["--file"] = [("m.gguf", new[] { "m.gguf" })],
        ["--items"] =
        [
            ("words", new[] { "words" }),
            ("sample:500", new[] { "sample:500" }),
            ("common:8", new[] { "common:8" }),
            ("all", new[] { "all" }),
            ("w.csv", new[] { "w.csv" }),
            ("words,sample:500", new[] { "words", "sample:500" }),
        ],
        ["--prompts"] =
        [
            ("published", new[] { "published" }),
            ("ioi", new[] { "ioi" }),
            ("p.csv", new[] { "p.csv" }),
            ("published,ioi", new[] { "published", "ioi" }),
        ],
        ["--arms"] =
        [
            .. Arm.All.Select(arm => (arm.Name, (object)new[] { arm.Name })),
            ("without,with", new[] { "without", "with" }),
        ],
        ["--layers"] = [("0", new[] { 0 }), ("3,12", new[] { 3, 12 })],
        ["--positions"] = [("0", new[] { 0 }), ("1,0", new[] { 1, 0 })],
        ["--text"] = [("story.txt", "story.txt"), ("Once upon a time", "Once upon a time")],
        ["--window"] = [("1", 1), ("512", 512)],
        ["--prefixes"] = [("0", 0), ("200", 200), ("1000000", 1_000_000)],
        ["--neutral"] = [("0", 0), ("4", 4), ("1000", 1000)],
        ["--seed"] = [("0", 0), ("2147483647", int.MaxValue)],
        ["--reference"] = [.. new[] { "F32", "BF16", "F16", "Q8_0" }.Select(q => (q, (object)q))],
        ["--continue-tokens"] = [("0", 0), ("16", 16), ("4096", 4096)],
        ["--device"] =
        [
            .. new[] { "CPU", "CUDA0", "Vulkan0" }.Select(d => (d, (object)new[] { d })),
        ],
        ["--gpu-layers"] =
        [
            ("auto", GpuLayers.Auto),
            ("all", new GpuLayers(PlanWishes.AllLayers)),
            ("0", new GpuLayers(0)),
            ("10000", new GpuLayers(10_000)),
        ],
        ["--cpu-moe"] = [("0", 0), ("10000", 10_000)],
        ["--vram-margin"] = [("0", 0.0), ("1", 1.0), ("0.5", 0.5), ("1000", 1000.0)],
        ["--main-gpu"] = [("0", 0), ("255", 255)],
        ["--sequences"] = [("1", 1), ("256", 256)],
        ["--shard"] =
        [
            ("1/1", new RunInfo.ShardInfo(1, 1)),
            ("10000/10000", new RunInfo.ShardInfo(10_000, 10_000)),
        ],
        ["--backend"] =
        [
            .. BackendChooser
                .Allowed(HostEnvironment.Current())
                .Select(name => (name, (object)new BackendName(name))),
        ],
        ["--threads"] = [("1", 1), ("1024", 1024)],
        ["--timeout"] = [("1", 1), ("10000000", 10_000_000)],
        ["--arithmetic"] =
        [
            ("exact", ArithmeticChoice.Exact),
            ("library", ArithmeticChoice.Library),
            ("both", ArithmeticChoice.Both),
        ],
        ["--out"] = [("d", "d")],
        ["--csv"] = [.. CsvProfile.All.Select(profile => (profile.Name, (object)profile))],
        ["--to"] = [("list", new[] { "list" }), ("Q8_0,Q4_K_M", new[] { "Q8_0", "Q4_K_M" })],
        ["--token-embd-type"] = [.. TensorTypes],
        ["--output-type"] = [.. TensorTypes],
        ["--imatrix"] = [("i.gguf", "i.gguf"), ("i.dat", "i.dat")],
    };

    // Of an option that is none of those.
    private static readonly (string, object)[] s_flag = [("true", true), ("false", false)];

    private static IEnumerable<(string, object)> TensorTypes =>
        QuantizationTypes.TensorTypes.Select(type => ($"{type}", (object)type));

    public static TheoryData<string, string> Options =>
        new(
            s_verbs.SelectMany(verb =>
                verb.Declaration.Options.Select(option => (verb.Name, "--" + option.Name))
            )
        );

    [Theory]
    [MemberData(nameof(Options))]
    public void Every_documented_value_of_an_option_is_read_as_what_it_means(
        string command,
        string option
    )
    {
        var verb = s_verbs.First(verb =>
            verb.Name == command && verb.Declaration.Options.Any(one => "--" + one.Name == option)
        );
        var arguments = verb.Declaration.Arguments.Select(argument => "x").ToArray();
        if (option == "--tensor-split")
        {
            Assert.Equal(
                [3f, 1f],
                verb.Read<RunRequest>(["--tensor-split", "3,1"]).TensorSplit!.Parts
            );
            return;
        }
        foreach (var (text, value) in s_values.GetValueOrDefault(option, s_flag))
        {
            foreach (var words in new[] { new[] { $"{option}={text}" }, [option, text] })
            {
                var request = verb.Read<object>([.. words, .. arguments]);

                Assert.Equal(value, ValueOf(request, option));
            }
        }
    }

    [Fact]
    public void All_options_that_need_no_gpu_run_together()
    {
        Folder.Write("w.csv", "item,category\n John,name\n");
        Folder.Write("p.csv", "id,prompt,expected\n1,When John and,\n");

        var run = Measure(
            $"run --file {demo.Model("demo-echo-Q8_0")} --items words,sample:5,common:3,w.csv --prompts=published,ioi,p.csv "
                + "--arms without,with,neutral --neutral 2 --seed 7 --reference Q8_0 --continue-tokens 1 --device CPU "
                + "--gpu-layers auto --cpu-moe 0 --vram-margin 0.5 --sequences 8 --shard 1/1 --timeout 600 "
                + "--in-process=false --backend auto --csv excel-eu --resume"
        );

        Assert.NotEmpty(run.Echo.Rows);
    }

    private static object? ValueOf(object request, string option) =>
        request
            .GetType()
            .GetProperties()
            .Single(property =>
                property.GetCustomAttributes(typeof(Cocona.OptionAttribute), true)
                    is [Cocona.OptionAttribute { Name: var name }]
                && "--" + name == option
            )
            .GetValue(request);
}
