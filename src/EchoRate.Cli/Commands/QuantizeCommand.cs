using System.CommandLine;
using System.Globalization;
using EchoRate.Cli.Composition;
using EchoRate.Cli.Errors;
using EchoRate.Cli.Quantizing;
using EchoRate.Cli.Terminal;
using EchoRate.Gguf;
using QuantizationNames = EchoRate.LLamaSharp.Quantizing.QuantizationNames;

namespace EchoRate.Cli.Commands;

/// <summary><c>echorate quantize</c>: the quantizations of one model, made by llama.cpp's own quantizer in this process.</summary>
internal sealed class QuantizeCommand(
    UserTerminal terminal,
    Interruption interruption,
    TimeProvider clock
)
{
    private const string ListWord = "list";

    // Up to this size hashing takes no longer than a blink.
    private const long QuietBytes = 1_000_000_000;

    private readonly Argument<string?> _source = new("SRC.gguf")
    {
        Description = "The model: an F32, F16 or BF16 file; of a split model its first part",
        Arity = ArgumentArity.ZeroOrOne,
    };
    private readonly Option<string[]> _to = SharedOptions.List(
        "--to",
        "LIST",
        $"Quantizations to make, as llama-quantize names them: Q8_0,Q4_K_M; '{ListWord}' prints them all"
    );
    private readonly Option<string?> _out = SharedOptions.Path(
        "--out",
        "DIR",
        "Folder for the new files, made where it is missing (default: the source's)"
    );
    private readonly Option<string?> _tokenEmbeddingType = TensorType(
        "--token-embd-type",
        "Type of the token embedding, whatever the mixture says"
    );
    private readonly Option<string?> _outputType = TensorType(
        "--output-type",
        "Type of the output head, whatever the mixture says"
    );
    private readonly Option<bool> _pure = new("--pure")
    {
        Description = "All tensors of one type, no mixture",
    };
    private readonly Option<string?> _matrix = SharedOptions.Path(
        "--imatrix",
        "FILE",
        "Importance matrix of llama-imatrix; some types need one"
    );
    private readonly Option<bool> _allowRequantize = new("--allow-requantize")
    {
        Description = "Quantize tensors again that are quantized already, at a loss",
    };
    private readonly Option<int?> _threads = SharedOptions.Threads();

    /// <summary>The command, for the parser.</summary>
    public Command Build(CancellationToken cancellation)
    {
        var command = new Command(
            "quantize",
            "Make quantizations of a model, by llama.cpp's own quantizer"
        )
        {
            _source,
            _to,
            _out,
            _tokenEmbeddingType,
            _outputType,
            _pure,
            _matrix,
            _allowRequantize,
            _threads,
        };
        command.SetAction((parsed, _) => RunAsync(parsed, cancellation));
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        if (parsed.GetValue(_to) is [ListWord])
        {
            PrintTypes();
            return ExitCode.Done;
        }
        var order = Order(parsed);
        // What is wrong with the file is said before libraries are fetched for it.
        var source = GgufFile.Read(order.Source);
        var library = Engines.Library();
        if (source.FileBytes > QuietBytes)
        {
            await terminal.Error.WriteLineAsync(
                $"reading {order.Source} ({QuantizeWords.Size(source.FileBytes)}) for its hash"
            );
        }
        interruption.Announcement = "stopping; the unfinished file is removed";
        var ladder = new LadderPlanner(library).Plan(order, cancellation);
        Announce(ladder);
        if (ladder.ToMake.Any())
        {
            LiveQuantizeProgress.Show(
                terminal,
                clock,
                progress => new LadderMaker(library).Make(ladder, progress, cancellation)
            );
        }
        foreach (var file in ladder.Files)
        {
            await terminal.Out.WriteLineAsync(file.Path);
        }
        return ExitCode.Done;
    }

    private LadderOrder Order(ParseResult parsed)
    {
        var source = parsed.GetValue(_source);
        if (string.IsNullOrEmpty(source))
        {
            throw new UsageException(
                "a source is missing: echorate quantize SRC.gguf --to Q8_0,Q4_K_M"
            );
        }
        source = Path.GetFullPath(source, terminal.WorkingFolder);
        return new LadderOrder
        {
            Source = source,
            OutFolder = parsed.GetValue(_out) is { } named
                ? Path.GetFullPath(named, terminal.WorkingFolder)
                : Path.GetDirectoryName(source)!,
            Types = Types(parsed),
            TokenEmbeddingType = parsed.GetValue(_tokenEmbeddingType),
            OutputType = parsed.GetValue(_outputType),
            Pure = parsed.GetValue(_pure),
            ImportanceMatrix = parsed.GetValue(_matrix) is { } matrix
                ? Path.GetFullPath(matrix, terminal.WorkingFolder)
                : null,
            AllowRequantize = parsed.GetValue(_allowRequantize),
            Threads = parsed.GetValue(_threads) ?? 0,
        };
    }

    private List<string> Types(ParseResult parsed)
    {
        if (parsed.GetValue(_to) is not { Length: > 0 } given)
        {
            throw new UsageException(
                $"--to is missing: the quantizations to make, as in --to Q8_0,Q4_K_M ('--to {ListWord}' prints them all)"
            );
        }
        var types = ListValue
            .Split(_to.Name, given)
            .Select(name =>
                QuantizationNames.Find(name)
                ?? throw new UsageException(
                    $"--to: '{name}' is not allowed; allowed: {string.Join(", ", QuantizationNames.All)}"
                )
            )
            .ToList();
        // Q4_K and Q4_K_M are one.
        ListValue.Split(_to.Name, types);
        return types;
    }

    private void Announce(Ladder ladder)
    {
        var facts = GgufModelFacts.From(ladder.Source);
        terminal.Error.WriteLine(
            $"{facts.ModelName} {facts.Quantization} ({QuantizeWords.Size(facts.FileBytes)}): "
                + $"{QuantizeWords.Count(ladder.ToMake.Count(), "file")} to make, {QuantizeWords.Size(ladder.BytesToMake)}"
                + (ladder.FreeBytes is { } free ? $" of {QuantizeWords.Size(free)} free" : "")
        );
        foreach (var file in ladder.Files)
        {
            terminal.Error.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"  {file.Name}: {QuantizeWords.Size(file.FileBytes)}, {file.BitsPerWeight:F2} bits per weight{Remark(file.State)}"
                )
            );
            if (ladder.ToMake.Contains(file))
            {
                foreach (var fallback in QuantizeWords.Fallbacks(file.Tensors))
                {
                    terminal.Error.WriteLine("    falls back: " + fallback);
                }
            }
        }
    }

    private static string Remark(FileState state) =>
        state switch
        {
            FileState.Here => ", already here",
            FileState.IsSource => ", the source itself",
            FileState.Outdated => ", made again: the source has changed",
            _ => "",
        };

    private void PrintTypes()
    {
        terminal.Out.WriteLine("type       bits per weight");
        foreach (var name in QuantizationNames.All)
        {
            var type = Enum.Parse<GgufTensorType>(QuantizationNames.MostTensors(name));
            var remark = QuantizationNames.NeedsImportanceMatrix(name) ? "  needs --imatrix" : "";
            terminal.Out.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{name, -10} {type.BlockBytes() * 8.0 / type.BlockSize(), 15:0.####}{remark}"
                )
            );
        }
        foreach (var (alias, name) in QuantizationNames.Aliases)
        {
            terminal.Out.WriteLine($"{alias, -10} is {name}");
        }
        terminal.Error.WriteLine(
            "Bits per weight are those of the type that most tensors take, by its block size. A mixture (_S, _M, _L …) keeps some tensors larger: "
                + "quantize says what each file will really weigh before it makes it."
        );
    }

    private static Option<string?> TensorType(string name, string description) =>
        new(name)
        {
            HelpName = "T",
            Description = description,
            CustomParser = result =>
            {
                var given = result.Tokens[0].Value;
                if (QuantizationNames.FindTensorType(given) is { } type)
                {
                    return type;
                }
                result.AddError(
                    $"{name}: '{given}' is not allowed; allowed: {string.Join(", ", QuantizationNames.TensorTypes)}"
                );
                return null;
            },
        };
}
