using EchoRate.Cli.CommandLine;
using EchoRate.Cli.Commands;
using EchoRate.LLamaSharp.Quantizing;
using EchoRate.Machine.Backends;
using EchoRate.Machine.Host;

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

    // An option and what it is given, as its value is read back: a list by commas.
    private static readonly Dictionary<string, IEnumerable<string>> s_values = new(
        """
        --manifest m.yaml
        --model a | a,b
        --quant Q8_0,Q4_K_M
        --same-model auto | yes | no
        --file m.gguf
        --items words | sample:500 | common:8 | all | w.csv | words,sample:500
        --prompts published | ioi | p.csv | published,ioi
        --arms without | with | neutral | without,with
        --layers 0 | 3,12
        --positions 0 | 1,0
        --text story.txt | Once upon a time
        --window 1 | 512
        --prefixes 0 | 200 | 1000000
        --neutral 0 | 4 | 1000
        --seed 0 | 2147483647
        --reference F32 | BF16 | F16 | Q8_0
        --continue-tokens 0 | 16 | 4096
        --device CPU | CUDA0 | Vulkan0
        --gpu-layers auto | all | 0 | 10000
        --cpu-moe 0 | 10000
        --vram-margin 0 | 1 | 0.5 | 1000
        --main-gpu 0 | 255
        --tensor-split 3,1
        --sequences 1 | 256
        --shard 1/1 | 10000/10000
        --threads 1 | 1024
        --timeout 1 | 10000000
        --arithmetic exact | library | both
        --out d
        --csv excel | excel-eu | data
        --to list | Q8_0,Q4_K_M
        --imatrix i.gguf | i.dat
        """.ReplaceLineEndings("\n").Split('\n').Select(line => line.Split(' ', 2)).Select(line =>
            KeyValuePair.Create(line[0], line[1].Split(" | ").AsEnumerable())
        )
    )
    {
        ["--backend"] = BackendChooser.Allowed(HostEnvironment.Current()),
        ["--token-embd-type"] = QuantizationTypes.TensorTypes.Select(type => $"{type}"),
        ["--output-type"] = QuantizationTypes.TensorTypes.Select(type => $"{type}"),
    };

    // Of an option that is none of those.
    private static readonly string[] s_flag = ["true", "false"];

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
        foreach (var text in s_values.GetValueOrDefault(option, s_flag))
        {
            foreach (var words in new[] { new[] { $"{option}={text}" }, [option, text] })
            {
                var request = verb.Read<object>([.. words, .. arguments]);

                Assert.Equal(text, Text(ValueOf(request, option)), ignoreCase: true);
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

    private static string? Text(object? value) =>
        value switch
        {
            string text => text,
            IEnumerable<string> list => string.Join(',', list),
            IEnumerable<int> list => string.Join(',', list),
            _ => $"{value}",
        };

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
