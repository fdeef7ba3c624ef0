namespace EchoRate.Core.Engine;

/// <summary>A vocabulary without its model, to be disposed when it is not needed any more.</summary>
public interface ILoadedVocabulary : IVocabulary, IDisposable;
