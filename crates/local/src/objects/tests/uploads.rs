use super::super::uploads::Upload;
use super::*;

const MIB: usize = 1 << 20;

struct Uploading<'a> {
    objects: &'a Objects,
    upload: Upload,
}

impl Uploading<'_> {
    fn part(&self, number: u32, bytes: &[u8]) -> Claimed {
        let mut intake = self.objects.receive(&[]).unwrap();
        intake.write(bytes).unwrap();
        let part = self.objects.put_part("bucket", "k", &self.upload.id, number, intake.finish()).unwrap();
        Claimed { number, etag: part.etag }
    }

    fn complete(&self, claimed: &[Claimed], expected: &Sums) -> Result<Entry, ObjectError> {
        self.objects.complete_upload("bucket", &self.upload, claimed, expected, &Guard::Always)
    }
}

#[test]
fn parts_become_one_object() {
    let directory = Dir::new();
    let objects = with_bucket(&directory);
    let uploading = Uploading { objects: &objects, upload: objects.begin_upload("bucket", "k", Attributes::default()).unwrap() };
    let (first, second) = (vec![1; 5 * MIB], vec![2; 5 * MIB]);
    uploading.part(2, b"replaced");
    let parts = [uploading.part(2, &first), uploading.part(7, &second), uploading.part(9, b"end")];
    let unwanted = uploading.part(8, b"unwanted");
    let code = |claimed: &[Claimed]| code(uploading.complete(claimed, &Sums::new()));
    assert_eq!(code(&[parts[1].clone(), parts[0].clone()]), "InvalidPartOrder");
    assert_eq!(code(&[parts[0].clone(), parts[0].clone()]), "InvalidPartOrder");
    assert_eq!(code(&[]), "InvalidPart");
    assert_eq!(code(&[Claimed { number: 3, etag: "x".into() }]), "InvalidPart");
    assert_eq!(code(&[Claimed { etag: "x".into(), ..parts[0].clone() }]), "InvalidPart");
    assert_eq!(code(&[unwanted, parts[2].clone()]), "EntityTooSmall");
    let wrong = Sums::from([(Algorithm::Crc32, "AAAAAA==".into())]);
    assert!(matches!(uploading.complete(&parts, &wrong), Err(ObjectError::BadDigest { what: "CRC32" })));
    let entry = uploading.complete(&parts, &Sums::new()).unwrap();
    assert!(entry.etag.ends_with("-3"), "{}", entry.etag);
    assert_eq!(entry.attributes.parts, [5 << 20, 5 << 20, 3]);
    assert_eq!(objects.get("bucket", "k").unwrap(), [&first[..], &second, b"end"].concat());
    assert_eq!(code(&parts), "NoSuchUpload");
    assert_eq!(bodies(&directory), 1);
}
