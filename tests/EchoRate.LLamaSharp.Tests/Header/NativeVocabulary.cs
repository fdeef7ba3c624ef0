using System.Runtime.InteropServices;
using EchoRate.Llama.Interop;
using EchoRate.Llama.Tests.Fixtures;

namespace EchoRate.Llama.Tests.Header;

/// <summary>A file's vocabulary alone, without its weights, as llama.cpp reads it.</summary>
internal sealed class NativeVocabulary : IDisposable
{
    private readonly ModelHandle _model;
    private readonly LlamaVocabulary _vocabulary;

    internal NativeVocabulary(string path)
    {
        TestLibraries.Load();
        var parameters = LlamaApi.llama_model_default_params();
        parameters.vocab_only = true;
        _model = LlamaApi.llama_model_load_from_file(path, parameters);
        Assert.False(_model.IsInvalid, $"llama.cpp does not load {path}");
        _vocabulary = new LlamaVocabulary(_model);
    }

    internal int Size => _vocabulary.Size;

    /// <summary>llama_vocab_get_add_bos.</summary>
    internal bool AddsBos => _vocabulary.AddsBos;

    /// <summary>llama_vocab_bos: not among the program's imports, because a file's key decides, not this answer.</summary>
    internal int Bos
    {
        get
        {
            var library = NativeLibrary.Load(TestLibraries.Locate().Llama);
            var bos = Marshal.GetDelegateForFunctionPointer<VocabularyToToken>(
                NativeLibrary.GetExport(library, "llama_vocab_bos")
            );
            return bos(LlamaApi.llama_model_get_vocab(_model));
        }
    }

    /// <summary>
    /// Whether a text gets a space in front; null where the vocabulary cannot show it: the letter comes back as something else.
    /// </summary>
    internal bool? AddsSpace
    {
        get
        {
            byte[] bytes =
            [
                .. _vocabulary.Tokenize("a"u8).SelectMany(id => _vocabulary.Piece(id).ToArray()),
            ];
            return bytes switch
            {
                [(byte)'a'] => false,
                [(byte)' ', (byte)'a'] => true,
                _ => null,
            };
        }
    }

    public void Dispose() => _model.Dispose();

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate int VocabularyToToken(nint vocabulary);
}
