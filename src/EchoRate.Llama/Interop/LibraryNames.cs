namespace EchoRate.Llama.Interop;

/// <summary>Logical names of the three libraries; <see cref="LlamaLibrary"/> maps them to what it loaded by full path.</summary>
internal static class LibraryNames
{
    internal const string GgmlBase = "ggml-base";
    internal const string Ggml = "ggml";
    internal const string Llama = "llama";
}
