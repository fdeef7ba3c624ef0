using System.Globalization;
using Cocona;
using EchoRate.Cli.CommandLine;
using EchoRate.Cli.CommandLine.Values;
using EchoRate.Cli.Composition;
using EchoRate.Cli.Errors;
using EchoRate.Cli.Quantizing;
using EchoRate.Cli.Terminal;
using EchoRate.Gguf;
using QuantizationNames = EchoRate.LLamaSharp.Quantizing.QuantizationNames;

namespace EchoRate.Cli.Commands;

/// <summary>The options of <c>echorate quantize</c>.</summary>
internal sealed record QuantizeRequest : ICommandParameterSet
{
    /// <summary>The word that asks which quantizations there are.</summary>
    public const string ListWord = "list";

    [Argument(
        "SRC.gguf",
        Description = "The model: an F32, F16 or BF16 file; of a split model its first part"
    )]
    [HasDefaultValue]
    public string? Source { get; init; }

    [Option(
        "to",
        ValueName = "LIST",
        Description = $"Quantizations to make, as llama-quantize names them: Q8_0,Q4_K_M; '{ListWord}' prints them all"
    )]
    [HasDefaultValue, CommaList]
    public string[] To { get; init; } = [];

    [Option(
        "out",
        ValueName = "DIR",
        Description = "Folder for the new files, made where it is missing (default: the source's)"
    )]
    [HasDefaultValue]
    public string? Out { get; init; }

    [Option(
        "token-embd-type",
        ValueName = "T",
        Description = "Type of the token embedding, whatever the mixture says"
    )]
    [HasDefaultValue]
    public TensorType? TokenEmbeddingType { get; init; }

    [Option(
        "output-type",
        ValueName = "T",
        Description = "Type of the output head, whatever the mixture says"
    )]
    [HasDefaultValue]
    public TensorType? OutputType { get; init; }

    [Option("pure", Description = "All tensors of one type, no mixture")]
    public bool Pure { get; init; }

    [Option(
        "imatrix",
        ValueName = "FILE",
        Description = "Importance matrix of llama-imatrix; some types need one"
    )]
    [HasDefaultValue]
    public string? ImportanceMatrix { get; init; }

    [Option(
        "allow-requantize",
        Description = "Quantize tensors again that are quantized already, at a loss"
    )]
    public bool AllowRequantize { get; init; }

    [Option("threads", ValueName = "N", Description = OptionTexts.Threads)]
    [HasDefaultValue, Between(1, 1024)]
    public int? Threads { get; init; }
}

/// <summary><c>echorate quantize</c>: the quantizations of one model, made by llama.cpp's own quantizer in this process.</summary>
internal sealed class QuantizeCommand(
    UserTerminal terminal,
    Interruption interruption,
    TimeProvider clock
)
{
    // Up to this size hashing takes no longer than a blink.
    private const long QuietBytes = 1_000_000_000;

    [Command(
        "quantize",
        Description = "Make quantizations of a model, by llama.cpp's own quantizer"
    )]
    public async Task<int> RunAsync(QuantizeRequest request)
    {
        if (request.To is [QuantizeRequest.ListWord])
        {
            PrintTypes();
            return ExitCode.Done;
        }
        var cancellation = interruption.Token;
        var order = Order(request);
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

    private LadderOrder Order(QuantizeRequest request)
    {
        if (request.Source is null)
        {
            throw new UsageException(
                "a source is missing: echorate quantize SRC.gguf --to Q8_0,Q4_K_M"
            );
        }
        var source = Path.GetFullPath(request.Source, terminal.WorkingFolder);
        return new LadderOrder
        {
            Source = source,
            OutFolder = request.Out is { } named
                ? Path.GetFullPath(named, terminal.WorkingFolder)
                : Path.GetDirectoryName(source)!,
            Types = Types(request.To),
            TokenEmbeddingType = request.TokenEmbeddingType?.Name,
            OutputType = request.OutputType?.Name,
            Pure = request.Pure,
            ImportanceMatrix = request.ImportanceMatrix is { } matrix
                ? Path.GetFullPath(matrix, terminal.WorkingFolder)
                : null,
            AllowRequantize = request.AllowRequantize,
            Threads = request.Threads ?? 0,
        };
    }

    private static List<string> Types(string[] given)
    {
        if (given.Length == 0)
        {
            throw new UsageException(
                $"--to is missing: the quantizations to make, as in --to Q8_0,Q4_K_M ('--to {QuantizeRequest.ListWord}' prints them all)"
            );
        }
        var types = given
            .Select(name =>
                QuantizationNames.Find(name)
                ?? throw new UsageException(
                    $"--to: '{name}' is not allowed; allowed: {string.Join(", ", QuantizationNames.All)}"
                )
            )
            .ToList();
        // Q4_K and Q4_K_M are one.
        return types.GroupBy(type => type).FirstOrDefault(same => same.Count() > 1) is { } twice
            ? throw new UsageException($"--to: '{twice.Key}' is given twice")
            : types;
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
}
