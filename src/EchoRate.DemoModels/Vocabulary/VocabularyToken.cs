namespace EchoRate.DemoModels.Vocabulary;

/// <summary>One entry of a constructed vocabulary.</summary>
/// <param name="Text">The text it stands for, with real spaces; for controls and bytes its name.</param>
/// <param name="Piece">How the file spells it: `▁John` in SPM, `ĠJohn` in byte-level BPE.</param>
/// <param name="Kind">What sort of entry it is.</param>
/// <param name="Score">SPM merges the highest score first; 0 elsewhere.</param>
public sealed record VocabularyToken(string Text, string Piece, TokenKind Kind, float Score = 0);
