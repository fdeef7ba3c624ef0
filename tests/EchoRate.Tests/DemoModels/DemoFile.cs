using EchoRate.DemoModels;
using EchoRate.Gguf;

namespace EchoRate.Tests.DemoModels;

/// <summary>The two demo models, written once for all tests of this folder and read back.</summary>
internal static class DemoFile
{
    private static readonly Dictionary<string, Lazy<(byte[] Bytes, GgufFile File)>> Files =
        DemoCatalogue.All.ToDictionary(
            model => model.Name,
            model => new Lazy<(byte[], GgufFile)>(() => Write(model))
        );

    internal static byte[] Bytes(DemoModel model) => Files[model.Name].Value.Bytes;

    internal static GgufFile File(DemoModel model) => Files[model.Name].Value.File;

    internal static IReadOnlyList<string> Pieces(DemoModel model)
    {
        var texts = File(model).Metadata.Texts("tokenizer.ggml.tokens")!;
        return [.. Enumerable.Range(0, texts.Count).Select(texts.Text)];
    }

    private static (byte[] Bytes, GgufFile File) Write(DemoModel model)
    {
        var folder = Directory.CreateTempSubdirectory("echorate-demo-");
        try
        {
            var path = Path.Combine(folder.FullName, $"{model.Name}-F16.gguf");
            model.Write(path);
            return (System.IO.File.ReadAllBytes(path), GgufFile.Read(path));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
