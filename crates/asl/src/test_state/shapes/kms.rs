//! Key Management Service.

use super::shape::{Shape, may, text};

pub(super) fn answer(action: &str) -> Option<&'static Shape> {
    match action {
        "encrypt" => Some(&ENCRYPTED),
        "decrypt" => Some(&DECRYPTED),
        "generateDataKey" => Some(&DATA_KEY),
        _ => None,
    }
}

const KEY_ID: Shape = text(1, 2_048);
const CIPHERTEXT: Shape = text(1, 6_144);
const PLAINTEXT: Shape = text(1, 4_096);
const ALGORITHM: Shape = Shape::OneOf(&["SYMMETRIC_DEFAULT", "RSAES_OAEP_SHA_1", "RSAES_OAEP_SHA_256", "SM2PKE"]);

const ENCRYPTED: Shape = Shape::Object(&[may("CiphertextBlob", CIPHERTEXT), may("KeyId", KEY_ID), may("EncryptionAlgorithm", ALGORITHM)]);

const DECRYPTED: Shape = Shape::Object(&[
    may("KeyId", KEY_ID),
    may("Plaintext", PLAINTEXT),
    may("EncryptionAlgorithm", ALGORITHM),
    may("CiphertextForRecipient", CIPHERTEXT),
]);

const DATA_KEY: Shape = Shape::Object(&[
    may("CiphertextBlob", CIPHERTEXT),
    may("Plaintext", PLAINTEXT),
    may("KeyId", KEY_ID),
    may("CiphertextForRecipient", CIPHERTEXT),
]);
