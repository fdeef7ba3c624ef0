using EchoRate.Core.LlamaCpp;
using EchoRate.LLamaSharp.Inside;
using EchoRate.LLamaSharp.Loading;
using LLama.Native;

namespace EchoRate.LLamaSharp.Tests.Header;

/// <summary>A file's vocabulary alone, without its weights, as llama.cpp reads it.</summary>
internal sealed class NativeVocabulary : IDisposable
{
    private readonly SafeLlamaModelHandle _model;
    private readonly LLamaSharpVocabulary _vocabulary;

    internal NativeVocabulary(string path)
    {
        TestLibrary.Load();
        using var log = new LogScope(receiver: null);
        _model = ModelLoader.Load(path, withoutSpacePrefix: false, offloading: null, log);
        _vocabulary = new LLamaSharpVocabulary(_model, path, log: null);
    }

    internal int Size => _vocabulary.Size;

    /// <summary>llama_vocab_get_add_bos.</summary>
    internal bool AddsBos => _vocabulary.AddsBos;

    /// <summary>llama_vocab_bos: not asked by the program, because a file's key decides, not this answer. Null stands for -1.</summary>
    internal int? Bos => (int?)_model.Vocab.BOS;

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
}
