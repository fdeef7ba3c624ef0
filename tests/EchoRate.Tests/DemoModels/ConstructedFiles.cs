using System.Collections.Concurrent;
using EchoRate.DemoModels;
using EchoRate.DemoModels.Vocabulary;
using EchoRate.Gguf;
using EchoRate.Testing;
using EchoRate.Tests.Hub;

namespace EchoRate.Tests.DemoModels;

/// <summary>Demo models, miniatures and traps, each written once for all tests of this folder and read back.</summary>
internal static class ConstructedFiles
{
    private static readonly TemporaryFolder _folder = new();
    private static readonly ConcurrentDictionary<string, Lazy<GgufFile>> _files = new();

    static ConstructedFiles() => AppDomain.CurrentDomain.ProcessExit += (_, _) => _folder.Dispose();

    /// <summary>All but the traps.</summary>
    internal static IEnumerable<string> Names =>
        [
            .. DemoCatalogue.All.Select(model => model.Name),
            .. Miniatures.All.Select(miniature => miniature.Name),
        ];

    internal static DemoModel? Demo(string name) =>
        DemoCatalogue.All.SingleOrDefault(model => model.Name == name);

    internal static Miniature? Mini(string name) =>
        Miniatures.All.SingleOrDefault(miniature => miniature.Name == name);

    internal static ConstructedVocabulary Vocabulary(string name) =>
        Demo(name)?.Vocabulary() ?? Mini(name)!.Vocabulary();

    internal static IReadOnlyList<DemoWord> Words(string name) =>
        Demo(name)?.Words ?? Mini(name)!.Words;

    internal static GgufFile File(string name) =>
        _files
            .GetOrAdd(
                name,
                _ =>
                    new(() =>
                    {
                        var path = _folder.Of($"{name}.gguf");
                        Writer(name)(path);
                        return GgufFile.Read(path);
                    })
            )
            .Value;

    internal static byte[] Bytes(string name) => System.IO.File.ReadAllBytes(File(name).Path);

    internal static byte[] Data(this GgufFile file, string tensor)
    {
        using var stream = new MemoryStream();
        file.CopyTensor(file.Tensor(tensor)!, stream);
        return stream.ToArray();
    }

    internal static IReadOnlyList<string> Pieces(string name)
    {
        var texts = File(name).Metadata.Texts("tokenizer.ggml.tokens")!;
        return [.. Enumerable.Range(0, texts.Count).Select(texts.Text)];
    }

    /// <summary>The file's tokenizer, as these tests simulate it.</summary>
    internal static Func<string, IReadOnlyList<int>> Tokenizer(string name) =>
        Vocabulary(name) is SpmVocabulary
            ? new SpmSimulation(File(name)).Tokenize
            : new BpeSimulation(File(name)).Tokenize;

    private static Action<string> Writer(string name) =>
        Demo(name) is { } demo ? demo.Write
        : Mini(name) is { } mini ? mini.Write
        : MiniatureTraps.All.Single(trap => trap.Name == name).Write;
}
