using Cocona;
using EchoRate.Cli.CommandLine;
using EchoRate.Cli.Composition;
using EchoRate.Cli.Errors;
using EchoRate.Cli.Quantizing;
using EchoRate.Cli.Requests;
using EchoRate.Cli.Terminal;
using EchoRate.Gguf;
using EchoRate.LLamaSharp.Quantizing;
using Spectre.Console;

namespace EchoRate.Cli.Commands;

internal sealed record QuantizeOptions : ICommandParameterSet
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
    public GgufTensorType? TokenEmbeddingType { get; init; }

    [Option(
        "output-type",
        ValueName = "T",
        Description = "Type of the output head, whatever the mixture says"
    )]
    [HasDefaultValue]
    public GgufTensorType? OutputType { get; init; }

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
internal sealed class QuantizeCommand(UserTerminal terminal, Interruption interruption)
{
    // Up to this size hashing takes no longer than a blink.
    private const long QuietBytes = 1_000_000_000;

    [Command(
        "quantize",
        Description = "Make quantizations of a model, by llama.cpp's own quantizer"
    )]
    public async Task<int> RunAsync(QuantizeOptions options)
    {
        if (options.To is [QuantizeOptions.ListWord])
        {
            PrintTypes();
            return ExitCode.Done;
        }
        if (options.Source is null)
        {
            throw new UsageException(
                "a source is missing: echorate quantize SRC.gguf --to Q8_0,Q4_K_M"
            );
        }
        var types = Types(options.To);
        var path = Path.GetFullPath(options.Source, terminal.WorkingFolder);
        // What is wrong with the files is said before libraries are loaded for them.
        var source = GgufFile.Read(path);
        var common = Common(options, path);
        var quantizer = new Quantizer(Engines.Library());
        if (source.FileBytes > QuietBytes)
        {
            await terminal.Error.WriteLineAsync(
                $"reading {path} ({QuantizeWords.Size(source.FileBytes)}) for its hash"
            );
        }
        interruption.Announcement = "stopping; the unfinished file is removed";
        var folder = OutFolder(options, path);
        var job = new QuantizePlanner(quantizer, common, folder).Plan(types, interruption.Token);
        foreach (var line in QuantizeWords.Announcement(job))
        {
            await terminal.Error.WriteLineAsync(line);
        }
        if (job.ToMake.Count > 0)
        {
            await ProgressBars.ShowAsync(
                terminal,
                [new PercentageColumn(), new ElapsedTimeColumn()],
                (say, bars) =>
                {
                    var progress = new QuantizeProgress(say, TimeProvider.System, bars);
                    job.Make(quantizer, progress, interruption.Token);
                    return Task.FromResult(true);
                }
            );
        }
        foreach (var file in job.Files)
        {
            await terminal.Data.WriteLineAsync(file.Path);
        }
        return ExitCode.Done;
    }

    private QuantizeRequest Common(QuantizeOptions options, string source) =>
        new()
        {
            Source = source,
            TokenEmbeddingType = options.TokenEmbeddingType,
            OutputType = options.OutputType,
            Pure = options.Pure,
            ImportanceMatrix = options.ImportanceMatrix is { } matrix
                ? ImportanceMatrix.Read(Path.GetFullPath(matrix, terminal.WorkingFolder))
                : null,
            AllowRequantize = options.AllowRequantize,
            Threads = options.Threads ?? 0,
        };

    // The folder of the new files: that of the source where none is named.
    private string OutFolder(QuantizeOptions options, string source)
    {
        var folder = options.Out is { } named
            ? Path.GetFullPath(named, terminal.WorkingFolder)
            : Path.GetDirectoryName(source)!;
        return File.Exists(folder)
            ? throw new QuantizeException($"{folder}: is a file; --out takes a folder")
            : folder;
    }

    private static List<string> Types(string[] given)
    {
        if (given.Length == 0)
        {
            throw new UsageException(
                $"--to is missing: the quantizations to make, as in --to Q8_0,Q4_K_M ('--to {QuantizeOptions.ListWord}' prints them all)"
            );
        }
        var types = given
            .Select(name =>
                QuantizationTypes.Find(name)
                ?? throw new UsageException(
                    $"--to: '{name}' is not allowed; allowed: {string.Join(", ", QuantizationTypes.All)}"
                )
            )
            .ToList();
        // Q4_K and Q4_K_M are one.
        return types.GroupBy(type => type).FirstOrDefault(same => same.Count() > 1) is { } twice
            ? throw new UsageException($"--to: '{twice.Key}' is given twice")
            : types;
    }

    private void PrintTypes()
    {
        terminal.Out.WriteLine("type       bits per weight");
        foreach (var name in QuantizationTypes.All)
        {
            var type = QuantizationTypes.MostTensors(name);
            var bits = type.BlockBytes() * 8.0 / type.BlockSize();
            var remark = QuantizationTypes.NeedsImportanceMatrix(name) ? "  needs --imatrix" : "";
            terminal.Out.WriteLine($"{name, -10} {bits, 15:0.####}{remark}");
        }
        foreach (var (alias, name) in QuantizationTypes.Aliases)
        {
            terminal.Out.WriteLine($"{alias, -10} is {name}");
        }
        terminal.Error.WriteLine(
            "Bits per weight are those of the type that most tensors take, by its block size. A mixture (_S, _M, _L …) keeps some tensors larger: "
                + "quantize says what each file will really weigh before it makes it."
        );
    }
}
